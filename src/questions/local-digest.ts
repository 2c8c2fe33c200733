import type { Question } from '../core/question.ts'
import type { QuestionKind } from './kind.ts'
import type { LocalArg } from './local.ts'

/** A big file of the control side, by its digest alone; null where there is none. */
export interface LocalDigestAnswer {
  /** SHA-256 in hex. */
  readonly digest: string
  readonly size: number
  /** Where it was found: absolute. */
  readonly path: string
}

const kind = 'local.digest'

export function localDigest(path: string): Question<LocalDigestAnswer | null> {
  return { kind, key: path, arg: { path } satisfies LocalArg }
}

export const localDigestKind: QuestionKind<LocalArg, LocalDigestAnswer | null> = {
  kind,
  control: true,
  sh: notSent,
  parse: notSent,
}

function notSent(): never {
  throw new Error(`${kind} is answered on the control side`)
}
