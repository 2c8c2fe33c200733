import { createHash } from 'node:crypto'
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { Failure } from '../../src/core/diagnostic.ts'
import { sending } from '../../src/engine/sending.ts'

const folder = mkdtempSync(join(tmpdir(), 'pitool-sending-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'big')
const mebibyte = 1024 * 1024
const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function sent(planned: Buffer) {
  const parts: Uint8Array[] = []
  try {
    for await (const part of sending({ file, digest: sum(planned), size: planned.length })) parts.push(part)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { bytes: Buffer.concat(parts), code: error.diagnostic.code, message: error.diagnostic.message }
  }
  return { bytes: Buffer.concat(parts), code: undefined }
}

it.each([0, 1, mebibyte - 1, mebibyte, mebibyte + 1, 3 * mebibyte])('%d bytes are sent as they are', async size => {
  const planned = Buffer.from(Array.from({ length: size }, (_, i) => i % 251))
  writeFileSync(file, planned)
  const { bytes, code } = await sent(planned)
  expect(code).toBeUndefined()
  expect(bytes.equals(planned)).toBe(true)
})

it.each<[string, number, () => void]>([
  ['has other bytes in its midst', 3 * mebibyte, () => writeFileSync(file, Buffer.alloc(3 * mebibyte, 'b'))],
  ['has another last byte', 2 * mebibyte, () => writeFileSync(file, `${'a'.repeat(2 * mebibyte - 1)}b`)],
  ['is shorter', 2 * mebibyte, () => truncateSync(file, mebibyte)],
  ['is empty', 2 * mebibyte, () => truncateSync(file, 0)],
  ['is longer', 2 * mebibyte, () => appendFileSync(file, 'b')],
  ['is longer by a part', 2 * mebibyte, () => appendFileSync(file, Buffer.alloc(mebibyte, 'a'))],
  ['is longer than what was smaller than a part', 1000, () => appendFileSync(file, 'b')],
])('of a file that %s meanwhile, never as many bytes are sent as were planned', async (_, size, change) => {
  const planned = Buffer.alloc(size, 'a')
  writeFileSync(file, planned)
  change()
  const { bytes, code, message } = await sent(planned)
  expect(code).toBe('changed-underneath')
  expect(message).toBe(`${file} changed while it was sent`)
  expect(bytes.length).toBeLessThan(size)
})
