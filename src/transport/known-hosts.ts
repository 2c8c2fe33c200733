import { createHmac } from 'node:crypto'
import type { SshTarget } from './target.ts'

/** One line of a known_hosts file, as `sshd(8)` describes it. */
export interface KnownHost {
  readonly file: string
  readonly line: number
  readonly marker?: 'revoked' | 'cert-authority' | undefined
  /** Its first field as written: patterns, or `|1|salt|hash`. */
  readonly hosts: string
  readonly type: string
  readonly key: Buffer
}

/** Lines that cannot be read are passed over, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  return text.split('\n').flatMap((line, i) => parseLine(line, file, i + 1) ?? [])
}

function parseLine(text: string, file: string, line: number): KnownHost | undefined {
  const words = text.trim().split(/[ \t]+/)
  if (words[0] === '' || words[0]?.startsWith('#')) return undefined
  const marker = words[0]?.startsWith('@') ? words.shift()?.slice(1) : undefined
  if (marker !== undefined && marker !== 'revoked' && marker !== 'cert-authority') return undefined
  const [hosts, type, base64] = words
  if (hosts === undefined || type === undefined || base64 === undefined) return undefined
  const key = Buffer.from(base64, 'base64')
  return keyType(key) === type ? { file, line, marker, hosts, type, key } : undefined
}

/** The type a public key's blob names; undefined where it is no such blob. */
export function keyType(key: Buffer): string | undefined {
  if (key.length < 4) return undefined
  const length = key.readUInt32BE(0)
  return length > 0 && length <= key.length - 4 ? key.toString('latin1', 4, 4 + length) : undefined
}

/** A host's name in known_hosts files, and the bare one under which a key counts as well. */
export function namesOf(target: Pick<SshTarget, 'address' | 'port' | 'hostKeyAlias'>): { name: string; bare: string } {
  const bare = (target.hostKeyAlias ?? target.address).toLowerCase()
  return { name: target.hostKeyAlias === undefined ? knownName(target.address, target.port) : bare, bare }
}

/** How known_hosts files name a host: the bare name for port 22, `[name]:port` for others. */
export function knownName(address: string, port: number): string {
  return port === 22 ? address.toLowerCase() : `[${address.toLowerCase()}]:${port}`
}

export function namesHost(entry: KnownHost, name: string): boolean {
  return entry.hosts.startsWith('|') ? matchesHash(entry.hosts, name) : matchesPatterns(entry.hosts, name)
}

/** `|1|base64 salt|base64 HMAC-SHA1(salt, name)` */
export function hashName(name: string, salt: Buffer): string {
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

function matchesHash(field: string, name: string): boolean {
  const [, version, salt] = field.split('|')
  return version === '1' && salt !== undefined && hashName(name, Buffer.from(salt, 'base64')) === field
}

function matchesPatterns(list: string, name: string): boolean {
  const patterns = list.toLowerCase().split(',')
  const named = (pattern: string) => (/[*?]/.test(pattern) ? wildcard(pattern).test(name) : pattern === name)
  // One negated pattern that fits takes the whole line away, whatever else it lists.
  if (patterns.some(pattern => pattern.startsWith('!') && named(pattern.slice(1)))) return false
  return patterns.some(pattern => !pattern.startsWith('!') && named(pattern))
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's')
}
