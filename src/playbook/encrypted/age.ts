import { createDecipheriv, createHmac, createPrivateKey, createPublicKey, diffieHellman, hkdfSync } from 'node:crypto'
import type { Secret } from '../../core/secret.ts'
import { fromBech32 } from './bech32.ts'

/** Why a file of age (age-encryption.org/v1) stays closed: `key` where none of the identities is a recipient's. */
export type Closed = 'key' | 'damaged'

// The project is read without waiting, so that a file included while running is read the same way; age's own library
// can only be waited for. These are node's primitives put together as age's specification says.
const begin = '-----BEGIN AGE ENCRYPTED FILE-----'
const end = '-----END AGE ENCRYPTED FILE-----'

/** The bytes of an armoured text: what stands between its first and last line, in base64. */
export function unarmoured(text: string): Buffer | undefined {
  const lines = text
    .trim()
    .split(/\r?\n/)
    .map(line => line.trim())
  if (lines[0] !== begin || lines.at(-1) !== end) return undefined
  return Buffer.from(lines.slice(1, -1).join(''), 'base64')
}

/** Whether that text can be an identity that is read here: an X25519 one. */
export function isIdentity(text: string): boolean {
  return fromBech32(text, 'age-secret-key-')?.length === 32
}

interface Header {
  readonly stanzas: readonly { readonly words: readonly string[]; readonly body: Buffer }[]
  /** What the header's authentication code is of. */
  readonly signed: string
  readonly mac: Buffer
  readonly payload: Buffer
}

/** What an age file holds, opened with the first identity that fits. */
export function openAge(file: Buffer, identities: readonly Secret[]): Buffer | Closed {
  const header = readHeader(file)
  if (!header) return 'damaged'
  for (const identity of identities) {
    const secret = fromBech32(identity.reveal(), 'age-secret-key-')
    const fileKey = secret?.length === 32 ? unwrap(header, Buffer.from(secret)) : undefined
    if (!fileKey) continue
    const wanted = createHmac('sha256', derive(fileKey, '', 'header'))
      .update(header.signed)
      .digest()
    if (!wanted.equals(header.mac)) return 'damaged'
    return openPayload(header.payload, fileKey) ?? 'damaged'
  }
  return 'key'
}

function readHeader(file: Buffer): Header | undefined {
  const mark = file.indexOf('\n--- ')
  const stop = file.indexOf('\n', mark + 1)
  if (mark < 0 || stop < 0) return undefined
  const [version, ...lines] = file.toString('latin1', 0, mark).split('\n')
  if (version !== 'age-encryption.org/v1') return undefined
  const stanzas: { words: readonly string[]; body: string[] }[] = []
  for (const line of lines) {
    if (line.startsWith('-> ')) stanzas.push({ words: line.slice(3).split(' '), body: [] })
    else stanzas.at(-1)?.body.push(line)
  }
  return {
    stanzas: stanzas.map(({ words, body }) => ({ words, body: Buffer.from(body.join(''), 'base64') })),
    signed: file.toString('latin1', 0, mark + '\n---'.length),
    mac: Buffer.from(file.toString('latin1', mark + '\n--- '.length, stop), 'base64'),
    payload: file.subarray(stop + 1),
  }
}

/** The key of the file, where a stanza is for this X25519 identity. */
function unwrap({ stanzas }: Header, secret: Buffer): Buffer | undefined {
  const privateKey = createPrivateKey({ key: Buffer.concat([privatePrefix, secret]), format: 'der', type: 'pkcs8' })
  const own = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32)
  for (const { words, body } of stanzas) {
    const share = Buffer.from(words[1] ?? '', 'base64')
    if (words[0] !== 'X25519' || share.length !== 32 || body.length !== 32) continue
    const publicKey = createPublicKey({ key: Buffer.concat([publicPrefix, share]), format: 'der', type: 'spki' })
    const shared = diffieHellman({ privateKey, publicKey })
    const wrap = derive(shared, Buffer.concat([share, own]), 'age-encryption.org/v1/X25519')
    const key = opened(body, wrap, Buffer.alloc(12))
    if (key?.length === 16) return key
  }
  return undefined
}

// What DER puts before the 32 bytes of an X25519 key (RFC 8410).
const privatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex')
const publicPrefix = Buffer.from('302a300506032b656e032100', 'hex')
const chunk = 64 * 1024 + 16

/** Chunks in order, the last one marked as such: none can be cut off, left out or moved. */
function openPayload(payload: Buffer, fileKey: Buffer): Buffer | undefined {
  const key = derive(fileKey, payload.subarray(0, 16), 'payload')
  const body = payload.subarray(16)
  const parts: Buffer[] = []
  for (let at = 0, count = 0; at < body.length; at += chunk, count++) {
    const nonce = Buffer.alloc(12)
    nonce.writeUInt32BE(count, 7)
    nonce[11] = at + chunk >= body.length ? 1 : 0
    const part = opened(body.subarray(at, at + chunk), key, nonce)
    if (!part) return undefined
    parts.push(part)
  }
  return parts.length > 0 ? Buffer.concat(parts) : undefined
}

function derive(key: Buffer, salt: Buffer | string, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, info, 32))
}

function opened(sealed: Buffer, key: Buffer, nonce: Buffer): Buffer | undefined {
  if (sealed.length < 16) return undefined
  const cipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 })
  cipher.setAuthTag(sealed.subarray(-16))
  try {
    return Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()])
  } catch {
    return undefined
  }
}
