import type { Put } from '../../changes/file/write-script.ts'
import { setAttrs } from '../../changes/file-attrs.ts'
import { type FileWrite, writeFile } from '../../changes/file-write.ts'
import type { Change } from '../../core/change.ts'
import { Secret, type Text } from '../../core/secret.ts'
import type { FileAnswer } from '../../questions/file.ts'
import { resolveMode } from './mode.ts'
import type { AttributeWish, WritingWish } from './schema.ts'

/** What of mode, owner and group is not as wished; undefined where all is. */
export function attributesToSet(file: FileAnswer, wish: AttributeWish): AttributeWish | undefined {
  const isFolder = file.type === 'directory'
  const mode = wish.mode === undefined || file.type === 'link' ? undefined : resolveMode(wish.mode, file.mode, isFolder)
  const differs = {
    ...(mode === undefined || mode === file.mode ? {} : { mode }),
    ...(same(wish.owner, file.owner, file.uid) ? {} : { owner: wish.owner }),
    ...(same(wish.group, file.group, file.gid) ? {} : { group: wish.group }),
  }
  return Object.keys(differs).length === 0 ? undefined : differs
}

function same(wish: string | undefined, name: string | undefined, number: unknown): boolean {
  return wish === undefined || wish === name || wish === String(number)
}

/** Sets what differs of what is there; [] where nothing does. */
export function attributeChanges(file: FileAnswer, wish: AttributeWish): readonly Change[] {
  const differs = attributesToSet(file, wish)
  if (differs === undefined || file.type === 'absent' || file.type === 'other') return []
  const { path, real, type, mode, owner, group } = file
  return [setAttrs({ path, real, type, ...differs, before: { mode, owner, group } })]
}

/** The content and attributes of one file made as wished; [] where they are. */
export function contentChanges(file: FileAnswer, text: Text | Uint8Array, wish: WritingWish): readonly Change[] {
  return file.type === 'file' && isContent(file, text) ? attributeChanges(file, wish) : [write(file, text, wish)]
}

function isContent({ text, bytes }: FileAnswer, wanted: Text | Uint8Array): boolean {
  if (wanted instanceof Uint8Array) return bytes !== undefined && Buffer.from(bytes).equals(Buffer.from(wanted))
  return text === (wanted instanceof Secret ? wanted.reveal() : wanted)
}

function write(file: FileAnswer, text: Text | Uint8Array, wish: WritingWish): FileWrite {
  // The old content of a file of secrets is as secret as the new one.
  const before = file.type !== 'file' ? null : text instanceof Secret ? undefined : file.text
  return writeFile({ ...putOf(file, wish), text, ...(before === undefined ? {} : { before }) })
}

/** All of a write but its content. */
export function putOf(file: FileAnswer, wish: WritingWish): Put {
  const { path, real, type, digest } = file
  const kept = type === 'file' ? { mode: file.mode!, owner: file.owner!, group: file.group! } : undefined
  const attributes = kept ? (attributesToSet(file, wish) ?? {}) : fresh(wish)
  const backup = wish.backup ? backupName(file) : undefined
  return {
    path,
    real,
    ...attributes,
    ...(kept === undefined ? {} : { kept }),
    expects: digest ?? (type === 'absent' ? 'absent' : undefined),
    ...(wish.validate === undefined ? {} : { validate: wish.validate }),
    ...(backup === undefined ? {} : { backup }),
    ...(wish.unsafe_writes ? { unsafe: true } : {}),
  }
}

function fresh({ mode, owner, group }: AttributeWish): AttributeWish {
  return { ...(mode === undefined ? {} : { mode: resolveMode(mode, undefined, false) }), owner, group }
}

/** Where a backup goes: named after the content, so that each is kept once. */
export function backupName({ real, type, digest }: FileAnswer): string | undefined {
  return type === 'file' && digest !== undefined ? `${real}.${digest.slice(0, 8)}~` : undefined
}

/** What modules tell of a file they keep. */
export function fileResult(file: FileAnswer, changes: readonly Change[]): { readonly backup_file?: string } {
  const isWrite = (change: Change): change is Change & Put =>
    change.kind === 'file.write' || change.kind === 'file.send'
  const wrote = changes.find(isWrite)
  return wrote?.backup === undefined || file.type !== 'file' ? {} : { backup_file: wrote.backup }
}
