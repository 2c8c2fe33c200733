import { Failure } from '../core/diagnostic.ts'
import type { Question } from '../core/question.ts'
import { errText, outText } from '../core/section.ts'
import { quote } from '../core/sh.ts'
import { badAnswer } from './bad-answer.ts'
import type { QuestionKind } from './kind.ts'
import { linesOf, nulParts } from './lines.ts'

export interface AptListsAnswer {
  /** Seconds since the package lists were last fetched; undefined: never. */
  readonly age: number | undefined
}

/** How old apt's lists are, by the host's own clock. */
export function aptLists(): Question<AptListsAnswer> {
  return { kind: 'apt.lists', key: '', arg: null }
}

// The stamp exists where periodic updates are set up; the folder's time is what a bare `apt-get update` leaves.
export const aptListsKind: QuestionKind<null, AptListsAnswer> = {
  kind: 'apt.lists',
  sh: () => `date +%s
stat -c %Y /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists/partial /var/lib/apt/lists 2>/dev/null || :
set -- /var/lib/apt/lists/*_Packages*; if [ -e "$1" ]; then echo lists; fi; :`,
  parse(section, args) {
    const [now, ...times] = linesOf(outText(section))
    if (!/^\d+$/.test(now ?? '')) throw badAnswer('apt', section)
    const known = times.filter(time => /^\d+$/.test(time)).map(Number)
    const age =
      known.length === 0 || !times.includes('lists') ? undefined : Math.max(0, Number(now) - Math.max(...known))
    return args.map(() => ({ age }))
  },
  predict: shadow => (shadow.values.has('apt.lists') ? { age: 0 } : undefined),
}

export interface CandidateAnswer {
  readonly name: string
  /** The version apt would install; undefined: it knows none. */
  readonly candidate: string | undefined
}

export function aptCandidate(name: string): Question<CandidateAnswer> {
  return { kind: 'apt.candidate', key: name, arg: name }
}

export const aptCandidateKind: QuestionKind<string, CandidateAnswer> = {
  kind: 'apt.candidate',
  sh: names =>
    [
      'if ! command -v apt-cache >/dev/null 2>&1; then echo no-apt >&2; exit 3; fi',
      ...names.map(name => `apt-cache policy -- ${quote(name)} 2>/dev/null || :; printf '\\000'`),
    ].join('\n'),
  parse(section, names) {
    if (section.code === 3 && errText(section).includes('no-apt')) throw withoutApt()
    return nulParts(section, names.length, 'apt candidates').map((text, i) => {
      const version = /^ {2}Candidate: (\S+)$/m.exec(text)?.[1]
      return { name: names[i]!, candidate: version === '(none)' ? undefined : version }
    })
  },
  predict: (shadow, _name, actual) => (shadow.values.has('apt.lists') ? shadow.notFound : actual),
}

function withoutApt(): Failure {
  return new Failure({
    code: 'unsupported',
    message: 'this host has no apt: nobody can say which version of a package it would install',
    hint: 'use `command` with the package manager it has',
  })
}
