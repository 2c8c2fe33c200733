import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import type { Client } from 'ssh2'
import { expect, test } from 'vitest'
import { SshLine } from '../../src/transport/ssh-line.ts'
import type { Wire } from '../../src/transport/wire.ts'

/** A connection whose commands have ended when their channel opens: both come in one packet. */
function quick(...exit: readonly unknown[]): SshLine {
  const exec = (_: string, done: (error: undefined, channel: unknown) => void) => {
    const channel = Object.assign(new PassThrough(), { stderr: new PassThrough() })
    done(undefined, channel)
    channel.emit('exit', ...exit)
    setImmediate(() => channel.emit('close', ...exit))
  }
  const client = Object.assign(new EventEmitter(), { exec }) as unknown as Client
  return new SshLine({ host: 'n1', user: 'pi' }, client, new PassThrough() as unknown as Wire)
}

test.each([
  ['an exit code', [3], { code: 3 }],
  ['a signal', [null, 'SIGKILL'], { signal: 'SIGKILL' }],
])('%s that comes with the channel itself is heard', async (_, exit, ending) => {
  const process = await quick(...exit).start('exit 3')
  expect(await process.exited).toEqual(ending)
  expect(await process.ended).toEqual(ending)
})
