import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { Mistake } from '../core/diagnostic.ts'
import type { Keys } from './encrypted/keys.ts'

/** The file system as this room sees it: absolute paths in; undefined where nothing of that kind is there. */
export interface Disk {
  read(path: string): string | undefined
  kind(path: string): 'file' | 'directory' | undefined
  /** The names in a folder, in order. */
  list(path: string): readonly string[]
  /** What opens the encrypted ones among its files; none where absent. */
  readonly keys?: Keys | undefined
}

export const disk: Disk = {
  read: path => tolerate(path, () => readBounded(path)),
  kind(path) {
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat?.isDirectory() ? 'directory' : stat ? 'file' : undefined
  },
  list: path => (tolerate(path, () => readdirSync(path)) ?? []).toSorted(),
}

/** A larger file is a disk image or a dump, named by mistake. */
const mostBytes = 16 * 1024 * 1024

const piece = Buffer.allocUnsafeSlow(64 * 1024)

/** Read in parts, since a pipe or a device does not say how much it has. */
function readBounded(path: string): string {
  const file = openSync(path, 'r')
  try {
    const parts: Buffer[] = []
    for (let left = mostBytes; ; ) {
      const length = readSync(file, piece)
      if (length === 0) return Buffer.concat(parts).toString('utf8')
      if (length > left) throw tooLarge(path)
      left -= length
      parts.push(Buffer.from(piece.subarray(0, length)))
    }
  } finally {
    closeSync(file)
  }
}

function tooLarge(path: string): Mistake {
  const message = `${path} has more than ${mostBytes / 1024 / 1024} MiB: that is no file of a project`
  return new Mistake({ code: 'wrong-value', message, hint: 'name another file, or split it' })
}

const absent = new Set(['ENOENT', 'ENOTDIR', 'EISDIR'])

function tolerate<Result>(path: string, work: () => Result): Result | undefined {
  try {
    return work()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (absent.has(code)) return undefined
    if (code === '' || error instanceof Mistake) throw error
    throw new Mistake({
      code: 'missing-file',
      message: `${path} cannot be read`,
      cause: code,
      hint: 'look at its mode and owner',
    })
  }
}
