import type { Change, Facet } from '../core/change.ts'
import { Unknown } from '../core/unknown.ts'
import { explainFile } from './file/explain.ts'
import { type Arrival, fillScript } from './file/fill-script.ts'
import { fileFootprint, foldFile } from './file/fold.ts'
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
    input: { file: change.from },
    timeout: 1800,
  }),
  explain: (section, { path }) => explainArrival(section, path) ?? explainFile(path, section),
  fold(shadow, { path, real, mode, owner, group, kept, backup }) {
    if (backup !== undefined) foldFile(shadow, backup, { type: 'file', ...kept })
    foldFile(shadow, real, {
      type: 'file',
      text: new Unknown(`the content of ${path} is known after apply`),
      mode: mode ?? kept?.mode ?? usual,
      owner: owner ?? kept?.owner,
      group: group ?? kept?.group,
    })
  },
  diff(change) {
    const { path, kept, digest, expects } = change
    const was: { readonly [name: string]: string | undefined } = { ...kept, sha256: kept && expects }
    const wished = {
      sha256: digest,
      mode: change.mode ?? kept?.mode ?? usual,
      owner: change.owner,
      group: change.group,
    }
    const facets = Object.entries(wished).flatMap(([name, after]): readonly Facet[] =>
      after === undefined || after === was[name] ? [] : [{ name, before: was[name] ?? '', after }],
    )
    return { subject: path, summary: `${kept ? 'write' : 'create'} ${path}`, facets }
  },
  footprint: ({ path, real, backup }) => fileFootprint([path, real, ...(backup === undefined ? [] : [backup])]),
}
