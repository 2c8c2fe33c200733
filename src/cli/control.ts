import type { Stats } from 'node:fs'
import { lstat, readdir, readFile, readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../core/diagnostic.ts'
import type { Question } from '../core/question.ts'
import { sha256 } from '../core/sha256.ts'
import type { LocalArg, LocalEntry, LocalFile, LocalTree } from '../questions/local.ts'
import type { LocalDigestAnswer } from '../questions/local-digest.ts'
import type { DownloadArg } from '../questions/local-download.ts'
import { download } from './download.ts'
import { fileDigest } from './file-digest.ts'
import { unlessKnown } from './known-files.ts'

const mostBytes = 1024 * 1024
const mostEntries = 20_000

/** Answers what modules ask of the control side; paths are absolute already. Throws a Failure. */
export async function answerLocally(question: Question, signal: AbortSignal): Promise<unknown> {
  switch (question.kind) {
    case 'local.file':
      return localFile((question.arg as LocalArg).path)
    case 'local.tree':
      return localTree((question.arg as LocalArg).path)
    case 'local.digest':
      return localDigest((question.arg as LocalArg).path)
    case 'local.download':
      return download(question.arg as DownloadArg, signal)
    default:
      throw new Error(`nobody answers ${question.kind} on the control side`)
  }
}

async function localFile(path: string): Promise<LocalFile> {
  const found = await stat(path).catch(error => refuse(path, error))
  return unlessKnown(path, found, () => readLocal(path, found))
}

async function readLocal(path: string, found: Stats): Promise<LocalFile> {
  const about = { path, type: typeOf(found), mode: modeOf(found), size: found.size }
  if (about.type !== 'file') return about
  if (found.size > mostBytes) return { ...about, digest: await digestOf(path) }
  const bytes = await readFile(path).catch(error => refuse(path, error))
  return { ...about, size: bytes.length, bytes, digest: sha256(bytes) }
}

async function localTree(path: string): Promise<LocalTree> {
  const names = await readdir(path, { recursive: true }).catch(error => refuse(path, error))
  if (names.length > mostEntries) {
    const message = `${path} holds more than ${mostEntries} files`
    throw new Failure({ code: 'unsupported', message, hint: 'pack them into one file' })
  }
  const entries: LocalEntry[] = []
  for (const name of names.sort()) entries.push(await entryOf(path, name))
  return { path, entries }
}

async function entryOf(folder: string, name: string): Promise<LocalEntry> {
  const path = join(folder, name)
  const found = await lstat(path).catch(error => refuse(path, error))
  const entry = { path: name, type: typeOf(found), mode: modeOf(found) }
  return found.isSymbolicLink() ? { ...entry, type: 'link', target: await readlink(path) } : entry
}

async function localDigest(path: string): Promise<LocalDigestAnswer | null> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile()) return null
  return { digest: await digestOf(path), size: found.size, path }
}

function digestOf(path: string): Promise<string> {
  return fileDigest(path).catch(error => refuse(path, error))
}

function typeOf(found: Stats): 'file' | 'directory' | 'other' {
  return found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other'
}

function modeOf(found: Stats): string {
  return (found.mode & 0o7777).toString(8).padStart(4, '0')
}

function refuse(path: string, error: unknown): never {
  const cause = error instanceof Error ? error.message : String(error)
  const hint = 'is it there, and may you read it?'
  throw new Failure({ code: 'missing-file', message: `${path} cannot be read on this side`, cause, hint })
}
