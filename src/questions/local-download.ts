import type { Question } from '../core/question.ts'
import type { QuestionKind } from './kind.ts'

/** A file to be fetched to the control side, kept there by its digest, so that it is fetched once. */
export interface DownloadArg {
  readonly url: string
  /** What it must have. Absent: taken from `sums`. */
  readonly sha256?: string | undefined
  /** A file of sums and the name whose line counts: `…/sha256sum-arm64.txt`, `k3s-arm64`. */
  readonly sums?: { readonly url: string; readonly name: string } | undefined
}

export interface DownloadAnswer {
  /** Absolute, on the control side. */
  readonly path: string
  readonly digest: string
  readonly size: number
}

const kind = 'local.download'

export function localDownload(arg: DownloadArg): Question<DownloadAnswer> {
  return { kind, key: `${arg.url}\0${arg.sha256 ?? ''}`, arg }
}

export const localDownloadKind: QuestionKind<DownloadArg, DownloadAnswer> = {
  kind,
  control: true,
  sh: notSent,
  parse: notSent,
}

function notSent(): never {
  throw new Error(`${kind} is answered on the control side`)
}
