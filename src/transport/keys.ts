import { readFile } from 'node:fs/promises'
import ssh2, { type ParsedKey } from 'ssh2'
import type { Secret } from '../core/secret.ts'
import { quote } from '../core/sh.ts'
import type { SshTarget } from './target.ts'

/** A private key's file that cannot be used, why, and the way out. */
export interface Unusable {
  readonly file: string
  readonly why: string
  readonly hint: string
  /** OpenSSH itself can use it. */
  readonly foreign?: true
}

export type Loaded = { readonly key: ParsedKey } | { readonly unusable: Unusable }

/** The private keys of a run: each is read, and its passphrase asked, once, since decrypting one takes up to a second. */
export class KeyRing {
  readonly #texts = new Map<string, Promise<string | Unusable>>()
  readonly #encrypted = new Map<string, Promise<boolean | undefined>>()
  readonly #passphrases = new Map<string, Promise<Secret | undefined>>()
  readonly #keys = new Map<string, Promise<Loaded>>()

  /** undefined: there is no such file. */
  isEncrypted(file: string): Promise<boolean | undefined> {
    const known = this.#encrypted.get(file) ?? this.#isEncrypted(file)
    this.#encrypted.set(file, known)
    return known
  }

  async #isEncrypted(file: string): Promise<boolean | undefined> {
    const text = await this.#text(file)
    if (typeof text !== 'string') return undefined
    const parsed = ssh2.utils.parseKey(text)
    return parsed instanceof Error && /no passphrase given/.test(parsed.message)
  }

  load(file: string, passphrase: SshTarget['passphrase']): Promise<Loaded> {
    const known = this.#keys.get(file)
    if (known) return known
    const loading = this.#load(file, passphrase)
    this.#keys.set(file, loading)
    return loading
  }

  /** Asked at most once a file; undefined: nobody would tell. */
  passphrase(file: string, ask: SshTarget['passphrase']): Promise<Secret | undefined> {
    const asked = this.#passphrases.get(file) ?? Promise.resolve(ask?.(file))
    this.#passphrases.set(file, asked)
    return asked
  }

  #text(file: string): Promise<string | Unusable> {
    const known = this.#texts.get(file)
    if (known) return known
    const reading = readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => unreadable(file, error))
    this.#texts.set(file, reading)
    return reading
  }

  async #load(file: string, passphrase: SshTarget['passphrase']): Promise<Loaded> {
    const text = await this.#text(file)
    if (typeof text !== 'string') return { unusable: text }
    const foreign = foreignKey(file, text)
    if (foreign) return { unusable: foreign }
    if (!(await this.isEncrypted(file))) return parsed(file, text)
    const secret = await this.passphrase(file, passphrase)
    if (!secret) {
      const hint = `load it into an ssh-agent: ssh-add ${quote(file)}`
      return { unusable: { file, why: 'it is encrypted, and no passphrase was given', hint } }
    }
    return parsed(file, text, secret.reveal())
  }
}

function parsed(file: string, text: string, passphrase?: string): Loaded {
  const key = ssh2.utils.parseKey(text, passphrase) as ParsedKey | ParsedKey[] | Error
  const first = Array.isArray(key) ? key[0] : key
  if (first === undefined || first instanceof Error) {
    const why = first?.message ?? 'it holds no key'
    const wrong = passphrase !== undefined && /integrity|decrypt|passphrase|bad/i.test(why)
    return {
      unusable: wrong
        ? { file, why: 'the passphrase is wrong', hint: `try it: ssh-keygen -y -f ${quote(file)}` }
        : { file, why, hint: `see whether OpenSSH can read it: ssh-keygen -y -f ${quote(file)}` },
    }
  }
  if (first.isPrivateKey()) return { key: first }
  return { unusable: { file, why: 'it is a public key', hint: 'name the private one, without .pub' } }
}

/** Kinds of keys that OpenSSH knows and the SSH library does not. */
function foreignKey(file: string, text: string): Unusable | undefined {
  const foreign = true
  if (/-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(text)) {
    const hint = `write it anew in OpenSSH's own format: ssh-keygen -p -f ${quote(file)}; or connection: openssh, which reads it`
    return { file, why: 'it is in PKCS#8 format', hint, foreign }
  }
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1]
  if (body && Buffer.from(body, 'base64').toString('latin1').includes('sk-')) {
    const hint =
      'OpenSSH can: connection: openssh in the inventory; or make a plain one for pitool: ssh-keygen -t ed25519'
    return { file, why: 'it needs a security key (FIDO), which only OpenSSH can ask', hint, foreign }
  }
  if (/^\S+-cert-v01@openssh\.com /.test(text)) {
    const hint = 'name the private key beside it, with connection: openssh in the inventory; or a plain private key'
    return { file, why: 'it is a certificate, which only OpenSSH can show', hint, foreign }
  }
  return undefined
}

function unreadable(file: string, error: NodeJS.ErrnoException): Unusable {
  const why = error.code === 'ENOENT' ? 'there is no such file' : error.message
  return { file, why, hint: 'correct ansible_ssh_private_key_file or --private-key' }
}
