import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openChannel } from '../../src/transport/openssh/channel.ts'
import { ChannelEnds } from '../../src/transport/openssh/channel-ends.ts'
import type { Master } from '../../src/transport/openssh/master.ts'

const { PATH } = process.env
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pitool-channel-'))
})
afterEach(() => {
  process.env.PATH = PATH
  rmSync(folder, { recursive: true })
})

/** What the command has said on its standard error, where `ssh` says these lines. */
async function heardOf(...lines: readonly string[]): Promise<string> {
  const say = lines.map(line => `echo '${line}' >&2`).join('\n')
  writeFileSync(join(folder, 'ssh'), `#!/bin/sh\n${say}\n`, { mode: 0o755 })
  process.env.PATH = `${folder}:${PATH}`
  const master = { socket: join(folder, 'master'), talk: { ends: new ChannelEnds() } } as unknown as Master
  const opened = await openChannel({ master, gone: new AbortController().signal, follow: () => undefined }, 'pitool-1f')
  if (!('stdin' in opened)) throw new Error(opened.said)
  let heard = ''
  for await (const chunk of opened.stderr) heard += chunk
  opened.destroy()
  return heard
}

// It ends its own lines as a terminal would.
const client = 'debug1: Reading configuration data /dev/null\r'
const number = 'debug1: mux_client_request_session: master session id: 2\r'

// The command's own words come from the connection's ssh, which is another process than the one that tells the number.
test.each([
  ['behind the number', [client, number, 'hello'], 'hello\n'],
  ['before it', [client, 'hello', number], 'hello\n'],
  ['on both sides', ['hello', number, 'world'], 'hello\nworld\n'],
])('what a command says %s is heard', async (_, lines, wanted) => {
  expect(await heardOf(...lines)).toBe(wanted)
})
