import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import type { Line } from '../../src/transport/line.ts'
import { OpenConnection } from '../../src/transport/open-connection.ts'
import type { Target } from '../../src/transport/target.ts'

/** How many logins there are before the first frame. */
async function startsOf(identity: { become?: string; method?: 'sudo' | 'su' | 'doas' }, becomePassword?: Secret) {
  const commands: string[] = []
  const line: Line = {
    host: 'n1',
    user: 'pi',
    gone: new AbortController().signal,
    bytes: { sent: 0, received: 0 },
    start: async command => {
      commands.push(command)
      const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
      const never = new Promise<never>(() => undefined)
      return { stdin, stdout, stderr, exited: never, ended: never, destroy: () => undefined }
    },
    close: async () => undefined,
  }
  const target = { connection: 'local', host: 'n1', connectTimeout: 1, becomePassword } as unknown as Target
  const connection = new OpenConnection(line, target, async () => line)
  await connection.ownShell(identity, { openNow: true })
  await new Promise(done => setTimeout(done, 20))
  return commands.length
}

test.each([
  ['whoever logs in', {}, undefined, 1],
  ['sudo without a password', { become: 'root' }, undefined, 1],
  ['sudo with a password, which may be wrong', { become: 'root' }, new Secret('x'), 0],
  ['su, which may ask', { become: 'root', method: 'su' }, undefined, 0],
  ['doas, which may ask', { become: 'root', method: 'doas' }, undefined, 0],
  ['whoever logs in, where others need a password', {}, new Secret('x'), 1],
] as const)('logins before the first frame: %s', async (_, identity, password, logins) => {
  expect(await startsOf(identity, password)).toBe(logins)
})
