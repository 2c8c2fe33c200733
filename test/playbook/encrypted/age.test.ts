import { Encrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { isIdentity, openAge } from '../../../src/playbook/encrypted/age.ts'

const identity = await generateIdentity()
const other = await generateIdentity()
const recipient = await identityToRecipient(identity)

async function sealed(bytes: Uint8Array): Promise<Buffer> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(await identityToRecipient(other))
  encrypter.addRecipient(recipient)
  return Buffer.from(await encrypter.encrypt(bytes))
}

describe("files written by age's own library", () => {
  test.each([0, 1, 32, 65_535, 65_536, 65_537, 200_000])('%i bytes are read', async size => {
    const bytes = Buffer.alloc(size, 'age')
    expect(openAge(await sealed(bytes), [new Secret(identity)])).toEqual(bytes)
  })

  test('none of the identities is a recipient', async () => {
    expect(openAge(await sealed(Buffer.from('x')), [new Secret(await generateIdentity())])).toBe('key')
  })

  test('whatever byte is changed, or cut off, nothing but the text itself comes out', async () => {
    const file = await sealed(Buffer.from('the text itself'))
    const property = fc.property(
      fc.nat(file.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      (at, flip, cut) => {
        const changed = Buffer.from(cut ? file.subarray(0, at) : file)
        if (!cut) changed[at]! ^= flip
        const found = openAge(changed, [new Secret(identity)])
        expect(typeof found === 'string' || found.toString() === 'the text itself').toBe(true)
      },
    )
    fc.assert(property, { numRuns: Number(process.env.PITOOL_HOSTILE_RUNS ?? 150) })
  })
})

test.each([
  [identity, true],
  [identity.toLowerCase(), true],
  [identity.slice(0, -1), false],
  [identity.replace(/.$/, last => (last === 'Q' ? 'P' : 'Q')), false],
  [identity[0]!.toLowerCase() + identity.slice(1), false],
  [recipient, false],
  ['AGE-PLUGIN-YUBIKEY-1', false],
  ['', false],
])('an identity, or none: case %#', (text, fits) => {
  expect(isIdentity(text)).toBe(fits)
})
