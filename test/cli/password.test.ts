import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Flags } from '../../src/cli/flags.ts'
import { readPasswordFile, readPasswords } from '../../src/cli/password.ts'
import { Mistake } from '../../src/core/diagnostic.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pitool-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function file(text: string, mode: number): Promise<string> {
  const path = join(folder, `${mode.toString(8)}-${text.length}`)
  await writeFile(path, text)
  await chmod(path, mode)
  return path
}

async function refused(path: string): Promise<string> {
  const error = await readPasswordFile(path).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(Mistake)
  const [diagnostic] = (error as Mistake).diagnostics
  return `${diagnostic?.message} | ${diagnostic?.hint}`.replaceAll(path, 'FILE')
}

describe('a password file', () => {
  it.each([
    ['pass word\n', 'pass word'],
    ['pass\r\nmore\n', 'pass'],
    ['ünï', 'ünï'],
  ])('gives its first line', async (text, password) => {
    expect((await readPasswordFile(await file(text, 0o600))).reveal()).toBe(password)
  })

  it('must be hidden from others', async () => {
    expect(await refused(await file('x\n', 0o644))).toBe(
      'others may read the password file FILE (mode 0644) | chmod 600 FILE',
    )
    expect(await refused(await file('x\n', 0o640))).toContain('(mode 0640)')
  })

  it('must be a file that says something', async () => {
    expect(await refused(join(folder, 'none'))).toContain('there is no password file FILE')
    expect(await refused(folder)).toContain('is a folder')
    expect(await refused(await file('\nsecond\n', 0o600))).toContain('is empty')
  })

  it('is read for login and sudo apart', async () => {
    const login = await file('one', 0o600)
    const become = await file('three', 0o400)
    const flags = new Flags({ 'connection-password-file': login, 'become-password-file': become })
    const passwords = await readPasswords(flags)
    expect([passwords.login?.reveal(), passwords.become?.reveal()]).toEqual(['one', 'three'])
  })
})

describe('without a terminal', () => {
  it.skipIf(process.stdin.isTTY)('asking is refused with the way out', async () => {
    const error = await readPasswords(new Flags({ 'ask-become-pass': true })).catch((error: unknown) => error)
    expect((error as Mistake).diagnostics[0]).toMatchObject({
      message: '--ask-become-pass needs a terminal to ask on',
      hint: expect.stringContaining('--become-password-file FILE'),
    })
  })
})
