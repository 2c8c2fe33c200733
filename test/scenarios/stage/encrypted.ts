import { createCipheriv, createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Secret } from '../../../src/core/secret.ts'
import { openAge, unarmoured } from '../../../src/playbook/encrypted/age.ts'

const fixtures = resolve(import.meta.dirname, '../../playbook/encrypted/fixtures')
/** Opens what `sopsFile` makes. */
export const ageKeyFile = join(fixtures, 'age-test-key.txt')
export const ageKey = /AGE-SECRET-KEY-\S+/.exec(readFileSync(ageKeyFile, 'utf8'))![0]

/** As `ansible-vault encrypt` writes it. */
export function vaulted(text: string, password: string): string {
  const salt = randomBytes(32)
  const keys = pbkdf2Sync(password, salt, 10_000, 80, 'sha256')
  const bytes = Buffer.from(text)
  const padded = Buffer.concat([bytes, Buffer.alloc(16 - (bytes.length % 16), 16 - (bytes.length % 16))])
  const cipher = createCipheriv('aes-256-ctr', keys.subarray(0, 32), keys.subarray(64))
  const sealed = Buffer.concat([cipher.update(padded), cipher.final()])
  const mac = createHmac('sha256', keys.subarray(32, 64)).update(sealed).digest('hex')
  const parts = [salt.toString('hex'), mac, sealed.toString('hex')].join('\n')
  const lines = Buffer.from(parts)
    .toString('hex')
    .match(/.{1,80}/g)!
  return `$ANSIBLE_VAULT;1.1;AES256\n${lines.join('\n')}\n`
}

/** Texts as SOPS keeps them in a YAML file, under the data key of the fixture, which age has sealed. */
export function sopsFile(texts: Readonly<Record<string, string>>): string {
  const fixture = readFileSync(join(fixtures, 'sops.yml'), 'utf8')
  const armoured = /-----BEGIN.*END AGE ENCRYPTED FILE-----/s.exec(fixture)![0]
  const dataKey = openAge(unarmoured(armoured)!, [new Secret(ageKey)])
  if (typeof dataKey === 'string') throw new Error(`the fixture's data key stays closed: ${dataKey}`)
  const lastmodified = '2026-01-01T00:00:00Z'
  const values = Object.entries(texts).map(([name, text]) => [name, sealed(text, dataKey, `${name}:`)] as const)
  const sum = createHash('sha512').update(Object.values(texts).join('')).digest('hex').toUpperCase()
  const enc = armoured.replace(/^ +/gm, '')
  const sops = { age: [{ enc }], lastmodified, mac: sealed(sum, dataKey, lastmodified), version: '3.9.0' }
  return `${JSON.stringify({ ...Object.fromEntries(values), sops }, undefined, 1)}\n`
}

function sealed(text: string, key: Buffer, about: string): string {
  const iv = randomBytes(32)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(about))
  const data = Buffer.concat([cipher.update(text), cipher.final()])
  const [d, i, t] = [data, iv, cipher.getAuthTag()].map(part => part.toString('base64'))
  return `ENC[AES256_GCM,data:${d},iv:${i},tag:${t},type:str]`
}
