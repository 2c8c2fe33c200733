import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import { Mistake } from '../../core/diagnostic.ts'
import type { Secret } from '../../core/secret.ts'
import type { Span } from '../../core/span.ts'

const begin = '$ANSIBLE_VAULT;'
const cure = 'give the password by --vault-password-file FILE or --ask-vault-pass'

export function isVault(text: string): boolean {
  return text.trimStart().startsWith(begin)
}

/** What ansible-vault encrypted (1.1 and 1.2, AES256): the plain text. Throws a Mistake at that place. */
export function openVault(text: string, passwords: readonly Secret[], span: Span): string {
  const [header = '', ...lines] = text
    .trim()
    .split(/\r?\n/)
    .map(line => line.trim())
  const [, version, cipher, label] = header.split(';')
  if ((version !== '1.1' && version !== '1.2') || cipher !== 'AES256') {
    const hint = 'encrypt it again with a newer ansible-vault: pitool reads 1.1 and 1.2 with AES256'
    throw mistake(`this vault is of a form that pitool does not read: ${header.slice(0, 60)}`, span, hint)
  }
  const sealed = partsOf(lines.join(''))
  if (!sealed) throw mistake('this vault is damaged: its text is not what ansible-vault writes', span, restore)
  const named = label === undefined ? '' : ` with the label '${label}'`
  if (passwords.length === 0) {
    throw mistake(`this is encrypted by ansible-vault${named}, and no password is known`, span, cure)
  }
  for (const password of passwords) {
    const plain = open(sealed, password.reveal())
    if (plain !== undefined) return plain
  }
  const which =
    passwords.length === 1 ? 'the vault password does not open' : `none of ${passwords.length} vault passwords opens`
  throw mistake(`${which} this${named}, or it was changed`, span, wrong)
}

const restore = 'restore it from your backup or version control'
const wrong = `look at the password, or restore the file: with a wrong password and with a changed text the check fails alike`

function mistake(message: string, span: Span, hint: string): Mistake {
  return new Mistake({ code: 'cannot-decrypt', message, span, hint })
}

interface Sealed {
  readonly salt: Buffer
  readonly mac: Buffer
  readonly text: Buffer
}

/** Hexadecimal of three lines, each hexadecimal again. */
function partsOf(hex: string): Sealed | undefined {
  const parts = unhex(hex)?.toString('latin1').split('\n').map(unhex)
  const [salt, mac, text] = parts ?? []
  if (parts?.length !== 3 || !salt || !mac || !text || mac.length !== 32 || text.length === 0) return undefined
  return { salt, mac, text }
}

function unhex(text: string): Buffer | undefined {
  return /^([0-9a-fA-F]{2})+$/.test(text) ? Buffer.from(text, 'hex') : undefined
}

/** undefined where the text's authentication code is another: the password is wrong, or something was changed. */
function open({ salt, mac, text }: Sealed, password: string): string | undefined {
  const keys = pbkdf2Sync(password, salt, 10_000, 80, 'sha256')
  const found = createHmac('sha256', keys.subarray(32, 64)).update(text).digest()
  if (!timingSafeEqual(found, mac)) return undefined
  const cipher = createDecipheriv('aes-256-ctr', keys.subarray(0, 32), keys.subarray(64))
  const padded = Buffer.concat([cipher.update(text), cipher.final()])
  return padded.subarray(0, padded.length - (padded.at(-1) ?? 0)).toString('utf8')
}
