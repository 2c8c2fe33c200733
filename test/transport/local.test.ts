import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createDialer } from '../../src/transport/dialer.ts'
import type { Target } from '../../src/transport/target.ts'
import { testTransport, type Way } from './contract.ts'
import { shells } from './shells.ts'

const target: Target = { connection: 'local', host: 'here', connectTimeout: 10 }

/** This machine, with another program under the name of sh. */
async function localBy(program: string): Promise<Way> {
  const folder = await mkdtemp(join(tmpdir(), 'pitool-sh-'))
  await symlink(program, join(folder, 'sh'))
  const path = process.env.PATH
  process.env.PATH = `${folder}:${path}`
  return {
    dialer: createDialer(() => target),
    host: 'here',
    close: async () => {
      process.env.PATH = path
      await rm(folder, { recursive: true })
    },
  }
}

for (const [name, [program]] of shells) testTransport(`local, sh is ${name}`, () => localBy(program as string))

test('to become who one is already needs no sudo', async () => {
  const connection = await createDialer(() => target).dial('here')
  const mine = await connection.shell({})
  expect(await connection.shell({ become: userInfo().username, method: 'sudo' })).toBe(mine)
  await connection.close()
})
