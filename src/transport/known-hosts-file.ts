import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { unreachable } from './failures.ts'
import { hashName, type KnownHost, keyType, namesHost, namesOf, parseKnownHosts } from './known-hosts.ts'
import type { SshTarget } from './target.ts'

export function knownHostsFiles(target: SshTarget): readonly string[] {
  const named = target.knownHostsFiles ?? []
  return named.length > 0 ? named : [join(homedir(), '.ssh', 'known_hosts'), '/etc/ssh/ssh_known_hosts']
}

/** A file that is not there holds nothing; one that cannot be read is an error. */
export async function readKnownHosts(files: readonly string[]): Promise<readonly KnownHost[]> {
  const read = files.map(async file => parsed(file, await textOf(file)))
  return (await Promise.all(read)).flat()
}

const last = new Map<string, { readonly text: string; readonly entries: readonly KnownHost[] }>()

/** Anew only where the text is another one: with many hosts, each line would be read once for every host. */
function parsed(file: string, text: string): readonly KnownHost[] {
  const known = last.get(file)
  if (known?.text === text) return known.entries
  const entries = parseKnownHosts(text, file)
  last.set(file, { text, entries })
  return entries
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

const writing = new Map<string, Promise<void>>()

/** Adds a key to the first known_hosts file: one appending write, in turn, so that many hosts may be added at once. */
export function rememberKey(target: SshTarget, key: Buffer): Promise<void> {
  const file = knownHostsFiles(target)[0] as string
  const before = writing.get(file) ?? Promise.resolve()
  const turn = before.catch(() => undefined).then(() => append(file, target, key))
  writing.set(file, turn)
  return turn
}

/** The key of a host that was let in for the first time, if it is one. Throws an Unreachable. */
export async function rememberNewKey(target: SshTarget, key: Buffer | undefined): Promise<void> {
  if (!key) return
  try {
    await rememberKey(target, key)
  } catch (error) {
    throw unreachable('host-key-unknown', {
      host: target.host,
      message: `the new host key of ${target.host} could not be remembered`,
      cause: (error as Error).message,
      hint: `make ${knownHostsFiles(target)[0]} writable, or name another by known_hosts_file`,
    })
  }
}

async function append(file: string, target: SshTarget, key: Buffer): Promise<void> {
  const text = await textOf(file)
  const entries = parseKnownHosts(text, file)
  const { name } = namesOf(target)
  if (entries.some(entry => entry.marker === undefined && entry.key.equals(key) && namesHost(entry, name))) return
  const hashed = entries.length > 0 && entries.every(entry => entry.hosts.startsWith('|'))
  const field = hashed ? hashName(name, randomBytes(20)) : name
  const line = `${field} ${keyType(key)} ${key.toString('base64')}\n`
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const handle = await open(file, 'a', 0o600)
  try {
    await handle.appendFile(text === '' || text.endsWith('\n') ? line : `\n${line}`)
  } finally {
    await handle.close()
  }
}
