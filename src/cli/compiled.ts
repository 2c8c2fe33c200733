import { createHash } from 'node:crypto'
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import type { Script } from 'node:vm'
import { sweepUnused } from './sweep-unused.ts'

/** What V8 made of the parts of the program in runs before, in the user's own cache; parts bear a hash in their name. */
export interface Compiled {
  find(part: string): Buffer | undefined
  /** Tells of a part in use, with the size of what was found of it, if that was of use. */
  use(part: string, script: Script, found: number): void
}

/** A run this long has time to keep what it compiled beyond what was found; a short one only keeps what is new. */
const long = 3

export function compiledParts(env: NodeJS.ProcessEnv = process.env): Compiled {
  const folder = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pitool', 'compiled')
  const pathOf = (part: string) => join(folder, `${basename(part)}.${process.version}-${process.arch}`)
  const inUse: { part: string; script: Script; found: number }[] = []
  process.once('exit', () => {
    let fresh = false
    for (const { part, script, found } of inUse) {
      if (found > 0 && cpuSeconds() < long) continue
      const data = script.createCachedData()
      if (data.length > found * 1.1) fresh = keep(folder, pathOf(part), data) || fresh
    }
    // Another version has come, perhaps: a good time to look for what has gone.
    if (fresh) sweepUnused(folder)
  })
  return {
    find: part => read(pathOf(part)),
    use: (part, script, found) => inUse.push({ part, script, found }),
  }
}

/** V8 trusts what it is given, so it is taken only whole, and only from a file that nobody else can have written. */
function read(path: string): Buffer | undefined {
  try {
    const file = openSync(path, 'r')
    try {
      const { uid, mode } = fstatSync(file)
      if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return undefined
      const bytes = readFileSync(file)
      const data = bytes.subarray(sumLength)
      return sumOf(data).equals(bytes.subarray(0, sumLength)) ? data : undefined
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}

/** Without a home that can be written the next start takes longer, and that is all. */
function keep(folder: string, path: string, data: Buffer): boolean {
  const unfinished = `${path}.${process.pid}`
  try {
    // Level by level: Node's own way to make them all never ends where a file system refuses new folders as missing.
    for (const level of ['../..', '..', '.']) make(join(folder, level))
    writeFileSync(unfinished, Buffer.concat([sumOf(data), data]), { flag: 'wx', mode: 0o600 })
    renameSync(unfinished, path)
    return true
  } catch {
    return false
  }
}

function make(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch {}
}

const sumLength = 20
const sumOf = (data: Buffer): Buffer => createHash('sha1').update(data).digest()

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
