import { accountAsked, nameless } from '../core/account-files.ts'
import { entriesOf, inFolder, manyNamed, throughLinks } from '../core/file-names.ts'
import type { Question } from '../core/question.ts'
import type { Unknown } from '../core/unknown.ts'
import { parseFiles } from './file/parse.ts'
import { tidyPath } from './file/path.ts'
import { predictFile, redirectFile } from './file/predict.ts'
import { fileScript } from './file/script.ts'
import type { QuestionKind } from './kind.ts'

/** How much is asked of a file; each brings what the ones before it bring. */
export type FileWant = 'stat' | 'digest' | 'text'

export interface FileArg {
  /** Absolute. */
  readonly path: string
  readonly want: FileWant
  /** A link is looked through to what it points at. */
  readonly follow: boolean
  /** Bytes up to which the content is answered, beyond it only the digest. */
  readonly limit: number
  /** An account that the module wants to give the file to: whether it exists is answered too. */
  readonly owner?: string | undefined
  readonly group?: string | undefined
  /** Under the shadow: the path as it was asked for, and where the planned link of that name points. */
  readonly named?: { readonly path: string; readonly target?: string | undefined } | undefined
}

/** The folder a file is in, or would be. */
export interface FileParent {
  /** 'other': one of the names on the way is no folder. */
  readonly type: 'directory' | 'absent' | 'other'
  readonly real: string
  readonly mode?: string | undefined
  readonly owner?: string | undefined
  readonly group?: string | undefined
  /** Canonical paths of the folders that are missing on the way, outermost first, the parent itself last. */
  readonly missing: readonly string[]
}

export interface FileAnswer {
  readonly path: string
  /** Where it really is (or would be): every link on the way resolved, the last one only with `follow`. */
  readonly real: string
  /** 'other': devices, sockets, pipes; never opened. */
  readonly type: 'file' | 'directory' | 'link' | 'absent' | 'other'
  /** Four octal digits; like the next four absent when the file is. */
  readonly mode?: string | undefined
  readonly owner?: string | undefined
  readonly group?: string | undefined
  readonly uid?: number | Unknown | undefined
  readonly gid?: number | Unknown | undefined
  readonly size?: number | Unknown | undefined
  /** Seconds since the epoch. */
  readonly mtime?: number | Unknown | undefined
  readonly inode?: number | Unknown | undefined
  readonly links?: number | Unknown | undefined
  /** Where the link points, when the path itself is one (also with `follow`). */
  readonly target?: string | undefined
  readonly parent: FileParent
  /** SHA-256 in hex, of regular files, where asked. */
  readonly digest?: string | undefined
  readonly bytes?: Uint8Array | undefined
  /** Only where the bytes are valid UTF-8. */
  readonly text?: string | undefined
  /** The content is larger than the limit. */
  readonly large?: boolean | undefined
  /** Why it could not be looked at: a folder on the way, or the content, is closed to this user. */
  readonly denied?: 'folder' | 'content' | undefined
  /** Whether the accounts asked about exist. */
  readonly ownerExists?: boolean | undefined
  readonly groupExists?: boolean | undefined
  /** Who asked, by the names new files would get; only where the file is absent. */
  readonly asker?: { readonly owner: string; readonly group: string; readonly setgid?: boolean } | undefined
}

export interface FileOptions {
  readonly follow?: boolean
  readonly limit?: number
  readonly owner?: string | undefined
  readonly group?: string | undefined
}

const mebibyte = 1024 * 1024

/** Type, mode, owner, times. */
export function fileStat(path: string, options: FileOptions = {}): Question<FileAnswer> {
  return fileQuestion(path, 'stat', options)
}

/** The same and the SHA-256 of the content. */
export function fileDigest(path: string, options: FileOptions = {}): Question<FileAnswer> {
  return fileQuestion(path, 'digest', options)
}

/** The same and the content, up to a limit (1 MiB). */
export function fileText(path: string, options: FileOptions = {}): Question<FileAnswer> {
  return fileQuestion(path, 'text', options)
}

function fileQuestion(path: string, want: FileWant, options: FileOptions): Question<FileAnswer> {
  const { follow = true, limit = mebibyte, owner, group } = options
  const arg: FileArg = { path: tidyPath(path), want, follow, limit, owner, group }
  const key = [arg.path, want, follow ? '' : 'nofollow', want === 'text' ? limit : '', owner ?? '', group ?? '']
  return { kind: 'file', key: key.join('\0'), arg }
}

/** Every look at files, whatever is wanted of them, in one script. */
export const file: QuestionKind<FileArg, FileAnswer> = {
  kind: 'file',
  sh: fileScript,
  parse: parseFiles,
  about: (arg, answer) => [
    ...new Set([
      ...above(arg.path),
      ...above(answer.real),
      ...accounts(arg, answer),
      ...ways(arg, answer),
      ...notYet(arg, answer),
      ...(answer.type === 'directory' ? [entriesOf(answer.real)] : []),
    ]),
  ],
  limit: args => args.reduce((sum, arg) => sum + (arg.want === 'text' ? arg.limit : 0) + 8192, 0),
  redirect: redirectFile,
  predict: predictFile,
}

function accounts({ owner, group }: FileArg, { parent, asker, ...own }: FileAnswer): readonly string[] {
  const seen = [own, parent, asker].flatMap(one => [one?.owner, one?.group])
  const asked = [owner, group].flatMap(name => (name === undefined ? [] : [accountAsked(name)]))
  return seen.some(name => name !== undefined && /^\d+$/.test(name)) ? [...asked, nameless] : asked
}

/** Links that it was reached through, and other names it has. */
function ways({ path, follow }: FileArg, { real, parent, target, links, type }: FileAnswer): readonly string[] {
  const folder = path.slice(0, path.lastIndexOf('/')) || '/'
  const isThrough = real !== path || parent.real !== folder || (follow && target !== undefined)
  const hasMany = type === 'file' && typeof links === 'number' && links > 1
  return [...(isThrough ? [throughLinks] : []), ...(hasMany ? [manyNamed] : [])]
}

/**
 * Folders that are missing on the way, and in which it is missing still once they are made. Not where `..` leads then,
 * nor whose it would be where the group comes from a folder above.
 */
function notYet({ path }: FileArg, { parent, asker }: FileAnswer): readonly string[] {
  return /\/\.\.(\/|$)/.test(path) || asker?.setgid ? [] : parent.missing.map(inFolder)
}

/** The path and the folders above it. */
function above(path: string): readonly string[] {
  const paths: string[] = []
  for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) paths.push(at)
  return paths
}
