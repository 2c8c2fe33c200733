import type { Change } from '../core/change.ts'
import { type Arrival, fillScript } from './file/fill-script.ts'
import { arrivalDiff, arrivalFootprint, explainArrival, foldArrival, installScript } from './file-arrival.ts'
import type { ChangeKind } from './kind.ts'

/** A program of the control side, installed whole with the folders above it: renamed only when its digest is right. */
export interface FileUpload extends Change, Arrival {
  readonly kind: 'file.upload'
  readonly path: string
  /** Absolute, on the control side. */
  readonly from: string
  /** Octal. */
  readonly mode: string
  /** As people know it: a version, a file's name. */
  readonly what: string
}

export function uploadFile(change: Omit<FileUpload, 'kind'>): FileUpload {
  return { kind: 'file.upload', ...change }
}

export const fileUploadKind: ChangeKind<FileUpload> = {
  kind: 'file.upload',
  carry: change => ({
    script: installScript({ ...change, fill: fillScript(change) }),
    input: { file: change.from, digest: change.digest, size: change.size },
    timeout: 1800,
  }),
  explain: (section, change) => explainArrival(section, change.path),
  fold: foldArrival,
  diff: change => arrivalDiff(change, `send ${change.what} to ${change.path}`),
  footprint: arrivalFootprint,
}
