import { makeDir } from '../../changes/dir-make.ts'
import { makeLink } from '../../changes/link-make.ts'
import type { Change } from '../../core/change.ts'
import { changed, type Plan, unchanged } from '../../core/module.ts'
import { type Asking, ask, askAll } from '../../core/question.ts'
import { type FileAnswer, fileDigest, fileStat, fileText } from '../../questions/file.ts'
import { type LocalEntry, type LocalFile, localFile, localTree } from '../../questions/local.ts'
import { failed } from '../failed.ts'
import { contentOf, deliver } from './deliver.ts'
import { resolveMode } from './mode.ts'
import { parentMissing, refusal } from './refuse.ts'
import type { WritingWish } from './schema.ts'
import { attributeChanges } from './wish.ts'

interface Source {
  readonly local: LocalFile
  readonly src: string
}

type Args = WritingWish & {
  readonly dest: string
  readonly force: boolean
  readonly directory_mode?: string | undefined
}

interface Pair {
  readonly entry: LocalEntry
  readonly file: FileAnswer
  readonly local: LocalFile | undefined
}

/** A folder with all in it. Nothing is removed at the destination. */
export function* planFolder({ local, src }: Source, args: Args): Asking<Plan> {
  const { owner, group } = args
  const bare = args.dest.replace(/\/+$/, '') || '/'
  const dest = src.endsWith('/')
    ? bare
    : `${bare === '/' ? '' : bare}/${local.path.slice(local.path.lastIndexOf('/') + 1)}`
  const tree = yield* ask(localTree(local.path))
  const odd = tree.entries.find(entry => entry.type === 'other')
  if (odd) return failed('unsupported', `${odd.path} in ${src} is neither a file, a folder nor a link`)
  const files = tree.entries.filter(entry => entry.type === 'file')
  const root: LocalEntry = { path: '', type: 'directory', mode: local.mode }
  // Folders first, then folder by folder: new files side by side cost few processes.
  const folders = tree.entries.filter(entry => entry.type === 'directory')
  const links = tree.entries.filter(entry => entry.type === 'link')
  const places = [root, ...folders, ...links, ...byFolder(files)]
  const seen = yield* askAll(...places.map(entry => question(`${dest}/${entry.path}`, entry, { owner, group })))
  const locals = yield* askAll(...files.map(entry => localFile(`${tree.path}/${entry.path}`)))
  const localOf = new Map(files.map((entry, i) => [entry, locals[i]]))
  const looked = places.map((entry, i) => ({ entry, file: seen[i]!, local: localOf.get(entry) }))
  // The old content travels only where it is another: for the diff.
  const others = looked.filter(pair => args.force && pair.file.type === 'file' && pair.local && !isSame(pair))
  const texts = yield* askAll(...others.map(({ file }) => fileText(file.path, { owner, group })))
  const textOf = new Map(others.map((pair, i) => [pair.entry, texts[i]!]))
  const pairs = looked.map(pair => ({ ...pair, file: textOf.get(pair.entry) ?? pair.file }))
  return combine(
    dest,
    pairs.map(pair => changesOf(pair, args)),
  )
}

function byFolder(files: readonly LocalEntry[]): readonly LocalEntry[] {
  const folders = new Map<string, LocalEntry[]>()
  for (const file of files) {
    const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1)
    const mates = folders.get(folder)
    if (mates) mates.push(file)
    else folders.set(folder, [file])
  }
  return [...folders.values()].flat()
}

function question(
  path: string,
  { type }: LocalEntry,
  accounts: { owner?: string | undefined; group?: string | undefined },
) {
  if (type === 'file') return fileDigest(path, accounts)
  return fileStat(path, { ...accounts, follow: type === 'directory' })
}

function combine(dest: string, parts: readonly (readonly Change[] | Plan)[]): Plan {
  const refused = parts.find((part): part is Plan => !Array.isArray(part))
  if (refused) return refused
  const changes = (parts as readonly (readonly Change[])[]).flat()
  return changes.length === 0 ? unchanged({ dest }) : changed(changes, { dest })
}

function isSame({ file, local }: Pick<Pair, 'file' | 'local'>): boolean {
  return file.type === 'file' && file.digest !== undefined && file.digest === local?.digest
}

function changesOf({ entry, file, local }: Pair, args: Args): readonly Change[] | Plan {
  const refused = refusal(file, args)
  if (refused) return refused
  if (entry.type === 'directory') return folderChanges(entry, file, args)
  if (entry.type === 'link') return linkChanges(entry, file)
  const wish = { ...args, mode: args.mode === 'preserve' ? entry.mode : args.mode }
  if (args.force && isSame({ file, local })) return attributeChanges(file, wish)
  // Its folder is one of the changes before it.
  return deliver({
    file: { ...file, parent: { ...file.parent, missing: [] } },
    content: contentOf(local!),
    wish,
    parents: true,
    force: args.force,
  })
}

function folderChanges(entry: LocalEntry, file: FileAnswer, args: Args): readonly Change[] | Plan {
  const { owner, group, directory_mode } = args
  const mode =
    directory_mode === 'preserve' || (directory_mode === undefined && args.mode === 'preserve')
      ? entry.mode
      : directory_mode
  if (file.type === 'directory') return attributeChanges(file, { mode, owner, group })
  if (file.type !== 'absent') return failed('refused', `${file.path} is there, and is no folder`)
  if (file.parent.type === 'other') return parentMissing(file)!
  const missing = entry.path === '' ? file.parent.missing : []
  const wanted = mode === undefined ? {} : { mode: resolveMode(mode, undefined, true) }
  return [makeDir({ path: file.path, real: file.real, missing, ...wanted, owner, group, setgid: file.asker?.setgid })]
}

function linkChanges(entry: LocalEntry, file: FileAnswer): readonly Change[] | Plan {
  if (file.type === 'link' && file.target === entry.target) return []
  if (file.type !== 'absent' && file.type !== 'link') return failed('refused', `${file.path} is there, and is no link`)
  const replaces = file.type === 'link' ? { target: file.target ?? '' } : 'absent'
  return [makeLink({ path: file.path, real: file.real, target: entry.target ?? '', replaces })]
}
