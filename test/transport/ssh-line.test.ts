import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import type { Client } from 'ssh2'
import { expect, test } from 'vitest'
import { SshLine } from '../../src/transport/ssh-line.ts'
import type { Wire } from '../../src/transport/wire.ts'

type Answer = (channel: FakeChannel) => void

/** A channel as ssh2 makes them; the server has agreed to it already. */
class FakeChannel extends PassThrough {
  readonly stderr = new PassThrough()
  readonly outgoing: { readonly id: number }
  readonly _callbacks: ((refused: boolean) => void)[] = []
  readonly close = () => setImmediate(() => this.emit('close'))

  constructor(id: number) {
    super()
    this.outgoing = { id }
  }
}

/** A connection whose commands are answered so, at once. */
function lineThat(answer: Answer) {
  const channels: FakeChannel[] = []
  const used: number[] = []
  const client = Object.assign(new EventEmitter(), {
    _remoteVer: 'OpenSSH_9.2p1',
    _chanMgr: {
      add: (opened: (error: undefined, channel: unknown) => void) => {
        const channel = new FakeChannel(channels.length)
        channels.push(channel)
        setImmediate(() => opened(undefined, channel))
        return channels.length
      },
    },
    _protocol: {
      session: () => undefined,
      exec: (id: number) => {
        used.push(id)
        answer(channels[id]!)
      },
    },
  })
  const line = new SshLine(
    { host: 'n1', user: 'pi' },
    client as unknown as Client,
    new PassThrough() as unknown as Wire,
  )
  return { line, channels, used }
}

test.each([
  ['an exit code', [3], { code: 3 }],
  ['a signal', [null, 'SIGKILL'], { signal: 'SIGKILL' }],
])('%s that comes with the consent itself is heard', async (_, exit, ending) => {
  const { line } = lineThat(channel => {
    channel._callbacks.shift()!(false)
    channel.emit('exit', ...exit)
    channel.close()
  })
  const process = await line.start('exit 3')
  expect(await process.exited).toEqual(ending)
  expect(await process.ended).toEqual(ending)
})

test('a command that the server does not start is known as such', async () => {
  const { line } = lineThat(channel => channel._callbacks.shift()!(true))
  const process = await line.start('true')
  expect(await process.exited).toEqual({ refused: true })
  expect(await process.ended).toEqual({ refused: true })
})

test('a channel in store that the server has closed is not taken', async () => {
  const { line, channels, used } = lineThat(channel => {
    channel._callbacks.shift()!(false)
    channel.emit('exit', 0)
    channel.close()
  })
  const first = await line.start('true')
  await first.ended
  await line.start('true')
  channels[2]!.end()
  await line.start('true')
  expect(used).toEqual([0, 1, 4])
})
