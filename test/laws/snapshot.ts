import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** One file as the laws look at it. */
export interface FileState {
  readonly type: 'file' | 'directory' | 'link' | 'other'
  /** Four octal digits. */
  readonly mode: string
  readonly uid: number
  readonly gid: number
  readonly content?: Buffer
  readonly target?: string
  /** The names of one file share it. */
  readonly inode: string
  /** It betrays a write that left everything else as it was. */
  readonly ctime: string
}

/** A host's state: everything as keys and values, and the trial's own folder closely. */
export interface Snapshot {
  readonly all: ReadonlyMap<string, string>
  /** All that is at or below `areas`. */
  readonly files: ReadonlyMap<string, FileState>
  readonly areas: readonly string[]
}

/** All below a folder, which stands under `root` here and has its own name on the host. */
export function filesBelow(folder: string, root = ''): ReadonlyMap<string, FileState> {
  const found = new Map<string, FileState>()
  const visit = (path: string) => {
    const state = fileState(join(root, path))
    if (state === undefined) return
    found.set(path, state)
    if (state.type === 'directory') for (const name of readdirSync(join(root, path)).sort()) visit(`${path}/${name}`)
  }
  visit(folder)
  return found
}

function fileState(path: string): FileState | undefined {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  if (stat === undefined) return undefined
  const type = stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'link' : 'other'
  return {
    type,
    mode: (Number(stat.mode) & 0o7777).toString(8).padStart(4, '0'),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    inode: String(stat.ino),
    ctime: String(stat.ctimeNs),
    ...(type === 'file' ? { content: readFileSync(path) } : {}),
    ...(type === 'link' ? { target: readlinkSync(path) } : {}),
  }
}

export function describeFile({ type, mode, uid, gid, content, target, inode, ctime }: FileState): string {
  const what = target === undefined ? '' : ` -> ${target}`
  return `${type} ${mode} ${uid}:${gid} ${inode} ${ctime}${what}${content === undefined ? '' : ` ${sum(content)}`}`
}

export function sum(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** What differs, as lines; empty where nothing does. */
export function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])]
  return keys
    .filter(key => before.get(key) !== after.get(key))
    .map(key => `${key}: ${before.get(key) ?? 'absent'} => ${after.get(key) ?? 'absent'}`)
}

/** Whether they are the same to who reads them: times do not count. */
export function sameFile(a: FileState | undefined, b: FileState | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  const same = a.type === b.type && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid && a.target === b.target
  return same && (a.content === undefined) === (b.content === undefined) && (a.content?.equals(b.content!) ?? true)
}
