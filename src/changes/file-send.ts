import type { Change } from '../core/change.ts'
import { Unknown } from '../core/unknown.ts'
import { explainFile } from './file/explain.ts'
import { type Arrival, fillScript } from './file/fill-script.ts'
import { foldPut, putFacets, putFootprint, putSummary } from './file/put.ts'
import { type Put, putScript } from './file/write-script.ts'
import { explainArrival } from './file-arrival.ts'
import type { ChangeKind } from './kind.ts'

/** A file of the control side that is too large to be held in memory: written as any other, its content streamed. */
export interface FileSend extends Change, Put, Arrival {
  readonly kind: 'file.send'
  /** Absolute, on the control side. */
  readonly from: string
}

export function sendFile(change: Omit<FileSend, 'kind'>): FileSend {
  return { kind: 'file.send', ...change }
}

const usual = '0644'

export const fileSendKind: ChangeKind<FileSend> = {
  kind: 'file.send',
  carry: change => ({
    script: putScript(change, `new=$h\n${fillScript(change)}`, usual),
    input: { file: change.from, digest: change.digest, size: change.size },
    timeout: 1800,
  }),
  explain: (section, { path }) => explainArrival(section, path) ?? explainFile(path, section),
  fold(shadow, change) {
    const text = new Unknown(`the content of ${change.path} is known after apply`)
    foldPut(shadow, change, { text, mode: modeOf(change) })
  },
  diff(change) {
    const { path, kept, digest, expects, owner, group } = change
    const wished = { sha256: digest, mode: modeOf(change), owner, group }
    return {
      subject: path,
      summary: putSummary(change),
      facets: putFacets({ ...kept, sha256: kept && expects }, wished),
    }
  },
  footprint: putFootprint,
}

function modeOf({ mode, kept }: FileSend): string {
  return mode ?? kept?.mode ?? usual
}
