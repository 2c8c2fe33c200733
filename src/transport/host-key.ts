import { createHash } from 'node:crypto'
import type { Diagnostic } from '../core/diagnostic.ts'
import { quote } from '../core/sh.ts'
import { type KnownHost, keyType, namesHost, namesOf } from './known-hosts.ts'
import { jumpsOf, placeOf, type SshTarget } from './target.ts'

/** A server's key, as far as one is told by it from all others. */
export interface ShownKey {
  readonly type: string
  /** As `ssh-keygen -l` prints it. */
  readonly fingerprint: string
}

export function shownKey(key: Buffer): ShownKey {
  return { type: keyType(key) ?? 'unreadable', fingerprint: fingerprint(key) }
}

/** What the known_hosts files say about the key a server shows. */
export type Verdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown'; readonly authority?: KnownHost | undefined }
  | { readonly kind: 'changed'; readonly entry: KnownHost }
  | { readonly kind: 'revoked'; readonly entry: KnownHost }

/**
 * A host that is known by any key and shows another one counts as changed, even if the new one is of another type:
 * the types offered to the server begin with the known ones, so an honest server shows one of those.
 */
export function judgeKey(entries: readonly KnownHost[], target: SshTarget, key: ShownKey): Verdict {
  const revoked = revokedKey(entries, target, key)
  if (revoked) return { kind: 'revoked', entry: revoked }
  const names = namesOf(target)
  const named = plainEntries(entries, names.name)
  // OpenSSH takes a matching key under the bare name too, but a differing one there says nothing about this port.
  const bare = plainEntries(entries, names.bare)
  if ([...named, ...bare].some(entry => isKey(entry, key))) return { kind: 'known' }
  const entry = named.find(known => known.type === key.type) ?? named[0]
  return entry ? { kind: 'changed', entry } : { kind: 'unknown', authority: authorityOf(entries, target) }
}

function isKey(entry: KnownHost, { fingerprint: shown }: ShownKey): boolean {
  return fingerprint(entry.key) === shown
}

function revokedKey(entries: readonly KnownHost[], target: SshTarget, key: ShownKey): KnownHost | undefined {
  const names = Object.values(namesOf(target))
  return entries.find(
    entry => entry.marker === 'revoked' && isKey(entry, key) && names.some(name => namesHost(entry, name)),
  )
}

function plainEntries(entries: readonly KnownHost[], name: string): readonly KnownHost[] {
  return entries.filter(entry => entry.marker === undefined && namesHost(entry, name))
}

function authorityOf(entries: readonly KnownHost[], target: SshTarget): KnownHost | undefined {
  const { name } = namesOf(target)
  return entries.find(entry => entry.marker === 'cert-authority' && namesHost(entry, name))
}

const signatures: { readonly [type: string]: readonly string[] } = {
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
}
const usable = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa']

/** The host key algorithms to offer, those of known keys first, so that the server shows a key that can be compared. */
export function hostKeyAlgorithms(entries: readonly KnownHost[], target: SshTarget): readonly string[] {
  const { name, bare } = namesOf(target)
  const named = plainEntries(entries, name)
  const known = named.length > 0 ? named : plainEntries(entries, bare)
  const isKnown = (type: string) => known.some(entry => entry.type === type)
  const types = [...usable.filter(isKnown), ...usable.filter(type => !isKnown(type))]
  return types.flatMap(type => signatures[type] ?? [type])
}

/** As `ssh-keygen -l` prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

interface Shown {
  readonly key: ShownKey
  /** The first known_hosts file. */
  readonly file: string
}

/** Why a key was refused, and the command that mends it. */
export function refusal(verdict: Verdict, target: SshTarget, shown: Shown): Diagnostic {
  const host = target.host
  const at = placeOf(target)
  const key = `${shown.key.type} ${shown.key.fingerprint}`
  if (verdict.kind === 'revoked') {
    return {
      code: 'host-key-revoked',
      host,
      message: `${at} shows a host key that is marked @revoked: ${key}`,
      cause: place(verdict.entry),
      hint: 'the machine may not be the one you mean; give it a new host key, or remove that line if it is wrong',
    }
  }
  if (verdict.kind === 'changed') return changedKey(verdict.entry, target, shown)
  const scan = scanText(target, shown.file)
  const authority = verdict.kind === 'unknown' ? verdict.authority : undefined
  return {
    code: 'host-key-unknown',
    host,
    message: `the host key of ${at} is not known: ${key}`,
    cause: authority && authorityText(authority, target),
    hint: `compare it with \`ssh-keygen -lf\` of the key in /etc/ssh on the machine; if it is the same: ${scan}run again with --accept-new`,
  }
}

function scanText(target: SshTarget, file: string): string {
  // ssh-keyscan goes straight to the machine.
  if (jumpsOf(target) !== undefined || target.proxyCommand !== undefined || target.hostKeyAlias !== undefined) return ''
  return `ssh-keyscan -p ${target.port} ${quote(target.address)} >> ${quote(file)}, or `
}

function changedKey(entry: KnownHost, target: SshTarget, { key }: Shown): Diagnostic {
  const { name } = namesOf(target)
  return {
    code: 'host-key-changed',
    host: target.host,
    message: `the host key of ${placeOf(target)} has changed: it shows ${key.type} ${key.fingerprint}, known is ${entry.type} ${fingerprint(entry.key)}`,
    cause: place(entry),
    hint: `somebody may be in between; if the machine was set up anew: ssh-keygen -R ${quote(name)} -f ${quote(entry.file)}`,
  }
}

function authorityText(authority: KnownHost, { connection }: SshTarget): string {
  const but =
    connection === 'openssh'
      ? 'it shows no certificate of it'
      : 'host certificates can be checked by OpenSSH alone (connection: openssh)'
  return `${place(authority)} trusts a certificate authority, but ${but}`
}

function place(entry: KnownHost): string {
  return `${entry.file}:${entry.line}`
}
