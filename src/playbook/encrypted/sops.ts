import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto'
import { type Diagnostic, Mistake } from '../../core/diagnostic.ts'
import type { Span } from '../../core/span.ts'
import type { MapNode, Node, ScalarNode } from '../../language/node.ts'
import { openAge, unarmoured } from './age.ts'
import { concealed } from './conceal-node.ts'
import type { Keys } from './keys.ts'
import { bytesForMac, typed } from './sops-value.ts'

const sealed = /^ENC\[AES256_GCM,data:([^,]*),iv:([^,]+),tag:([^,]+),type:(\w+)\]$/
const restore = 'restore the file from version control; after an edit by hand, `sops FILE` writes it anew'

/** The part of a file that SOPS keeps its own data in; undefined where it has none. */
export function sopsOf(node: Node | null): MapNode | undefined {
  const entry = node?.kind === 'map' ? node.entries.find(({ key }) => key === 'sops') : undefined
  if (entry?.value.kind !== 'map') return undefined
  const names = new Set(entry.value.entries.map(({ key }) => key))
  return ['mac', 'lastmodified', 'age', 'pgp', 'kms', 'version'].some(name => names.has(name)) ? entry.value : undefined
}

/** The file as it was before SOPS encrypted it, its secrets as `Secret`, once its MAC holds. Throws a Mistake. */
export function openSops(root: MapNode, own: MapNode, keys: Keys): Node {
  const dataKey = dataKeyOf(own, keys)
  const hash = createHash('sha512')
  const onlyEncrypted = scalarOf(own, 'mac_only_encrypted')?.value === true
  if (onlyEncrypted) hash.update(onlyEncryptedMark)
  const walk = (node: Node, path: readonly string[]): Node => {
    if (node.kind === 'list') return { ...node, items: node.items.map(item => walk(item, path)) }
    if (node.kind === 'map') {
      return { ...node, entries: node.entries.map(one => ({ ...one, value: walk(one.value, [...path, one.key]) })) }
    }
    const plain = openScalar(node, { dataKey, about: `${path.join(':')}:` })
    if (plain || !onlyEncrypted) hash.update(plain?.bytes ?? bytesForMac(node))
    return plain ? { ...node, value: concealed(plain.value), plain: undefined, offsets: undefined } : node
  }
  const entries = root.entries.filter(({ value }) => value !== own)
  const opened = walk({ ...root, entries }, [])
  verify(own, { dataKey, found: hash.digest('hex').toUpperCase() })
  return opened
}

// So that leaving plain values out cannot be taken for having none (sops' own constant: SHA-256 of "sops").
const onlyEncryptedMark = createHash('sha256').update('sops').digest()

/** A value that SOPS encrypted, where nothing opens it, would be taken for the value itself. */
export function strayValue(node: Node | null): Span | undefined {
  if (node?.kind === 'scalar') {
    return typeof node.value === 'string' && sealed.test(node.value) ? node.span : undefined
  }
  const parts = node?.kind === 'list' ? node.items : (node?.entries.map(({ value }) => value) ?? [])
  for (const part of parts) {
    const found = strayValue(part)
    if (found) return found
  }
  return undefined
}

/** The key of all values, from the first age recipient whose identity is known. */
function dataKeyOf(own: MapNode, keys: Keys): Buffer {
  const groups = nodeOf(own, 'key_groups')
  if (groups?.kind === 'list' && groups.items.length > 1)
    throw mistake(
      'this SOPS file needs keys of several groups',
      groups.span,
      'pitool reads files with one group of keys',
    )
  const age = nodeOf(groups?.kind === 'list' ? groups.items[0] : own, 'age')
  const recipients = age?.kind === 'list' ? age.items : []
  if (recipients.length === 0) {
    const hint = 'add an age recipient (`sops updatekeys`): pitool opens SOPS files with age only'
    throw mistake('this SOPS file is not encrypted for any age recipient', own.span, hint)
  }
  const identities = keys.age()
  if (identities.length === 0) {
    const hint = 'put your age key into ~/.config/sops/age/keys.txt, or name its file in SOPS_AGE_KEY_FILE'
    throw mistake('this file is encrypted by SOPS, and no age key is known', own.span, hint)
  }
  for (const recipient of recipients) {
    const enc = scalarOf(recipient, 'enc')
    const armoured = typeof enc?.value === 'string' ? unarmoured(enc.value) : undefined
    const key = armoured ? openAge(armoured, identities) : 'damaged'
    if (key === 'damaged' || (key !== 'key' && key.length !== 32))
      throw mistake("this SOPS file's data key is damaged", (enc ?? recipient).span, restore)
    if (key !== 'key') return key
  }
  const names = recipients.map(one => scalarOf(one, 'recipient')?.value).filter(one => typeof one === 'string')
  const many =
    identities.length === 1 ? 'your age key does not open it' : `none of your ${identities.length} age keys opens it`
  const hint = `it is for ${names.join(', ')}: the key of one of them is needed (SOPS_AGE_KEY_FILE)`
  throw mistake(`this file is encrypted by SOPS, and ${many}`, age?.span ?? own.span, hint)
}

interface Opened {
  readonly bytes: Buffer
  readonly value: null | boolean | number | string
}

function openScalar(node: ScalarNode, lock: { dataKey: Buffer; about: string }): Opened | undefined {
  const match = typeof node.value === 'string' ? sealed.exec(node.value) : null
  if (!match) return undefined
  const bytes = decrypt(match, lock)
  const value = bytes && typed(bytes, match[4] ?? '')
  if (bytes && value !== undefined) return { bytes, value }
  throw mistake('this value was changed after SOPS encrypted it, or moved to another key', node.span, restore)
}

function decrypt(
  [, data = '', iv = '', tag = '']: RegExpExecArray,
  { dataKey, about }: { dataKey: Buffer; about: string },
) {
  try {
    const nonce = Buffer.from(iv, 'base64')
    const cipher = createDecipheriv('aes-256-gcm', dataKey, nonce, { authTagLength: 16 })
    cipher.setAAD(Buffer.from(about)).setAuthTag(Buffer.from(tag, 'base64'))
    return Buffer.concat([cipher.update(Buffer.from(data, 'base64')), cipher.final()])
  } catch {
    return undefined
  }
}

/** The MAC is over all values in order: none can be taken out, put in, or moved. */
function verify(own: MapNode, { dataKey, found }: { dataKey: Buffer; found: string }): void {
  const mac = scalarOf(own, 'mac')
  const modified = scalarOf(own, 'lastmodified')
  const match = typeof mac?.value === 'string' ? sealed.exec(mac.value) : null
  if (!mac || !match || typeof modified?.value !== 'string')
    throw mistake('this SOPS file has no MAC: whether it was changed cannot be told', (mac ?? own).span, restore)
  const said = decrypt(match, { dataKey, about: modified.value })
  const wanted = Buffer.from(found)
  if (said?.length === wanted.length && timingSafeEqual(said, wanted)) return
  throw mistake('this SOPS file was changed after it was encrypted: its MAC is of another content', mac.span, restore)
}

function nodeOf(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'map' ? node.entries.find(entry => entry.key === key)?.value : undefined
}

function scalarOf(node: Node, key: string): ScalarNode | undefined {
  const value = nodeOf(node, key)
  return value?.kind === 'scalar' ? value : undefined
}

function mistake(message: string, span: Span, hint: string): Mistake {
  const diagnostic: Diagnostic = { code: 'cannot-decrypt', message, span, hint }
  return new Mistake(diagnostic)
}
