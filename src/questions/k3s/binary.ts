import type { Question } from '../../core/question.ts'
import { outText } from '../../core/section.ts'
import { quote } from '../../core/sh.ts'
import { Unknown } from '../../core/unknown.ts'
import { badAnswer } from '../bad-answer.ts'
import type { QuestionKind } from '../kind.ts'

export interface BinaryArg {
  readonly path: string
  /** Its SHA-256 too: some seconds on a small host. */
  readonly digest: boolean
}

export interface BinaryAnswer {
  /** `v1.30.4+k3s1`; '' where it is absent or does not run. */
  readonly version: string
  readonly exists: boolean
  readonly digest?: string
}

const kind = 'k3s.binary'

export function k3sBinary(path: string, options: { readonly digest?: boolean } = {}): Question<BinaryAnswer> {
  const digest = options.digest ?? false
  return { kind, key: `${path}\0${digest}`, arg: { path, digest } }
}

export const k3sBinaryKind: QuestionKind<BinaryArg, BinaryAnswer> = {
  kind,
  open: true,
  sh: args => args.map(look).join('\n'),
  parse: (section, args) => {
    const lines = outText(section).trimEnd().split('\n')
    if (lines.length !== args.length) throw badAnswer('the k3s program', section)
    return lines.map((line, i) => {
      const match = /^@ (yes|no) ([0-9a-f]{64}|-) ?(.*)$/.exec(line)
      if (!match) throw badAnswer('the k3s program', section)
      const [, exists, digest, said] = match
      const version = /^k3s version (v\S+)/.exec(said!)?.[1] ?? ''
      return { version, exists: exists === 'yes', ...(args[i]!.digest && digest !== '-' ? { digest: digest! } : {}) }
    })
  },
  predict: (shadow, { path }) => {
    const planned = shadow.files.get(path)
    if (planned === undefined) return undefined
    if (!(planned instanceof Unknown) && planned.type === 'absent') return { version: '', exists: false }
    return new Unknown(`${path} is installed first`)
  },
}

function look({ path, digest }: BinaryArg): string {
  const file = quote(path)
  const sum = digest ? `{ sum=$(sha256sum < ${file}) && sum=\${sum%% *}; }` : 'sum=-'
  return `if [ -f ${file} ]; then
  ${sum} || sum=-
  said=$(timeout 20 ${file} --version 2>/dev/null | head -n 1) || said=
  printf '@ yes %s %s\\n' "$sum" "$said"
else echo '@ no - '; fi`
}
