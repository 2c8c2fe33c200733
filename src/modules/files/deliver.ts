import { makeDir } from '../../changes/dir-make.ts'
import { sendFile } from '../../changes/file-send.ts'
import type { Change } from '../../core/change.ts'
import { changed, type Plan, unchanged } from '../../core/module.ts'
import type { Text } from '../../core/secret.ts'
import type { FileAnswer } from '../../questions/file.ts'
import type { LocalFile } from '../../questions/local.ts'
import { parentMissing, refusal } from './refuse.ts'
import type { WritingWish } from './schema.ts'
import { attributeChanges, contentChanges, fileResult, putOf } from './wish.ts'

/** Content for one file: in memory, or on the control side where it is too large for that. */
export type Content = Text | Uint8Array | { readonly big: LocalFile }

/** What is delivered of a file of the control side. */
export function contentOf(local: LocalFile): Content {
  if (local.bytes === undefined) return { big: local }
  const text = Buffer.from(local.bytes).toString('utf8')
  return Buffer.from(text).equals(Buffer.from(local.bytes)) ? text : local.bytes
}

export interface Delivery {
  readonly file: FileAnswer
  readonly content: Content
  readonly wish: WritingWish
  /** Missing folders above are made. */
  readonly parents?: boolean
  /** false: what is there stays as it is. */
  readonly force?: boolean
}

/** The changes that put content in place; a plan where that cannot be. */
export function deliver({ file, content, wish, parents, force = true }: Delivery): readonly Change[] | Plan {
  const noFolder = parents && file.parent.type === 'absent' ? undefined : parentMissing(file)
  const refused = refusal(file, wish) ?? noFolder
  if (refused) return refused
  if (!force && file.type !== 'absent') return []
  const folders = parents ? missingFolders(file) : []
  const isBig = typeof content === 'object' && 'big' in content
  return [...folders, ...(isBig ? bigChanges(file, content.big, wish) : contentChanges(file, content, wish))]
}

function missingFolders({ parent, asker }: FileAnswer): readonly Change[] {
  if (parent.missing.length === 0) return []
  return [
    makeDir({ path: parent.real, real: parent.real, missing: parent.missing.slice(0, -1), setgid: asker?.setgid }),
  ]
}

function bigChanges(file: FileAnswer, big: LocalFile, wish: WritingWish): readonly Change[] {
  if (file.type === 'file' && file.digest === big.digest) return attributeChanges(file, wish)
  return [sendFile({ ...putOf(file, wish), from: big.path, digest: big.digest!, size: big.size })]
}

/** The plan of one delivered file. */
export function deliveryPlan(
  file: FileAnswer,
  done: readonly Change[] | Plan,
  more: { readonly [name: string]: string } = {},
): Plan {
  if (!Array.isArray(done)) return done as Plan
  const changes = done as readonly Change[]
  const result = { dest: file.path, ...more, ...fileResult(file, changes) }
  return changes.length === 0 ? unchanged(result) : changed(changes, result)
}
