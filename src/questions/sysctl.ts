import type { Question } from '../core/question.ts'
import { quote } from '../core/sh.ts'
import { sysctlPath } from '../core/sysctl-path.ts'
import type { QuestionKind } from './kind.ts'
import { nulParts } from './lines.ts'

/** The running value of a kernel parameter, its white space made single spaces; null where there is none. */
export function sysctlValue(name: string): Question<string | null> {
  return { kind: 'sysctl', key: name, arg: name }
}

export function plainSpaces(value: string): string {
  return value.trim().replace(/\s+/g, ' ')
}

export const sysctl: QuestionKind<string, string | null> = {
  kind: 'sysctl',
  sh: names =>
    `for p in ${names.map(name => quote(sysctlPath(name))).join(' ')}; do
 if [ -f "$p" ] && v=$(cat "$p" 2>/dev/null); then printf '+%s\\000' "$v"; else printf -- '-\\000'; fi; done`,
  parse: (section, names) =>
    nulParts(section, names.length, names.join(', ')).map(part =>
      part.startsWith('+') ? plainSpaces(part.slice(1)) : null,
    ),
  predict(shadow, name, actual) {
    const planned = shadow.values.get(`sysctl:${name}`)
    if (typeof planned === 'string') return planned
    return actual === null ? shadow.notFound : actual
  },
}
