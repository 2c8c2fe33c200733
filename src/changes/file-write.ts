import type { Change, Diff } from '../core/change.ts'
import { reveal, Secret, type Text } from '../core/secret.ts'
import { outText } from '../core/section.ts'
import { Unknown } from '../core/unknown.ts'
import { explainFile } from './file/explain.ts'
import { foldPut, putFacets, putFootprint, putSummary } from './file/put.ts'
import { writeTogether } from './file/write-many.ts'
import { writeScript } from './file/write-script.ts'
import type { ChangeKind } from './kind.ts'

/** The whole content of one file, written beside it and renamed over it. */
export interface FileWrite extends Change {
  readonly kind: 'file.write'
  /** As the user names it. */
  readonly path: string
  /** Where it really is, links resolved: the `real` of the answer. */
  readonly real: string
  /** Unknown in a check, where only a run can tell it. */
  readonly text: Text | Uint8Array | Unknown
  /** Wished by the user; else as `kept`, else 0644 (0600 for a secret). Four octal digits. */
  readonly mode?: string | undefined
  readonly owner?: string | undefined
  readonly group?: string | undefined
  /** What the file has now; absent for a new one. */
  readonly kept?: { readonly mode: string; readonly owner: string; readonly group: string } | undefined
  /** For the diff: null for a new file, undefined where it is not to be shown. */
  readonly before?: Text | null | undefined
  /** The SHA-256 of what the plan saw, or 'absent'. */
  readonly expects?: string | undefined
  /** A command that must accept the new content; `%s` stands for the file it is in. */
  readonly validate?: string | undefined
  /** Where a copy of the old content goes (beside it); one that is there already is kept. */
  readonly backup?: string | undefined
  /** Writes in place where renaming is refused. */
  readonly unsafe?: boolean | undefined
}

export function writeFile(change: Omit<FileWrite, 'kind'>): FileWrite {
  return { kind: 'file.write', ...change }
}

const big = 256 * 1024

export const fileWrite: ChangeKind<FileWrite> = {
  kind: 'file.write',
  // What is validated is looked at by a command of the user's, however long that takes.
  joins: ({ validate, text }) => validate === undefined && sizeOf(text) <= big,
  // A file that is there keeps what is not wished otherwise, on whatever file system.
  foretells: ({ real, kept, text }) => (kept === undefined || text instanceof Unknown ? [] : [`file:${real}`]),
  carry: change => ({ script: writeScript(change), ...(sizeOf(change.text) > big ? { own: true } : {}) }),
  together: writeTogether,
  // Of many, the one whose name was taken says so.
  explain: (section, change) => explainFile(outText(section) || change.path, section),
  fold: (shadow, change) => foldPut(shadow, change, { text: change.text, mode: modeOf(change), before: change.before }),
  diff: showWrite,
  footprint: putFootprint,
}

/** The mode the file will have. */
export function modeOf({ mode, kept, text }: FileWrite): string {
  return mode ?? kept?.mode ?? (text instanceof Secret || text instanceof Unknown ? '0600' : '0644')
}

function sizeOf(text: FileWrite['text']): number {
  if (text instanceof Unknown) return 0
  return text instanceof Uint8Array ? text.length : reveal(text).length
}

function showWrite(change: FileWrite): Diff {
  const { path, text, before, kept, owner, group } = change
  const unknown = text instanceof Unknown ? [{ name: 'content', before: '', after: String(text) }] : []
  const after =
    text instanceof Unknown ? undefined : text instanceof Uint8Array ? `(binary, ${text.length} bytes)\n` : text
  return {
    subject: path,
    summary: putSummary(change),
    ...(before === undefined || after === undefined ? {} : { before }),
    after,
    facets: [...unknown, ...putFacets(kept ?? {}, { mode: modeOf(change), owner, group })],
  }
}
