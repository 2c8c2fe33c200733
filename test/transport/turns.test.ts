import { execFileSync } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Connection } from '../../src/core/connection.ts'
import type { SshTarget } from '../../src/transport/target.ts'
import { type Proxy as SlowWay, startProxy } from '../lab/proxy.ts'
import { dial } from './over.ts'
import { type Sshd, sshdIsThere, startSshd } from './sshd.ts'

let sshd: Sshd
let way: SlowWay

async function begin(...settings: readonly string[]): Promise<void> {
  sshd = await startSshd('LogLevel DEBUG3', ...settings)
  way = await startProxy({ host: '127.0.0.1', port: sshd.port, delayMs: 40, onlyUp: true })
  appendFileSync(sshd.knownHosts, `[127.0.0.1]:${way.port} ${sshd.hostKey}\n`)
}

/** How often we spoke after the host had. */
async function turnsOf(work: () => Promise<unknown>): Promise<number> {
  const before = way.turns
  await work()
  return way.turns - before
}

async function firstFrame(more?: Partial<SshTarget>): Promise<Connection> {
  const connection = await dial(sshd.target({ port: way.port, ...more }))
  await (await connection.shell({})).frame([':'])
  return connection
}

describe.skipIf(!sshdIsThere)('round trips on the wire', () => {
  let open: Connection | undefined
  beforeEach(() => begin())
  afterEach(async () => {
    await open?.close()
    open = undefined
    await way.close()
    await sshd.stop()
  })

  // Greeting, key exchange (2), login, channel, command, frame.
  test('a key of ours signs with the first word of the login', async () => {
    const turns = await turnsOf(async () => {
      open = await firstFrame()
    })
    expect(turns).toBe(7)
  })

  test('an RSA key waits until it is known which signatures the server takes', async () => {
    const rsa = sshd.newKey('rsa', '-t', 'rsa', '-b', '2048')
    const turns = await turnsOf(async () => {
      open = await firstFrame({ privateKeyFiles: [rsa] })
    })
    expect(turns).toBe(8)
  })

  test("an agent's key is asked about first: its owner may have to consent", async () => {
    const socket = join(sshd.folder, 'agent')
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(execFileSync('ssh-agent', ['-s', '-a', socket]).toString())![1])
    try {
      execFileSync('ssh-add', ['-q', sshd.keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' })
      const turns = await turnsOf(async () => {
        open = await firstFrame({ privateKeyFiles: [], agent: socket })
      })
      expect(turns).toBe(9)
    } finally {
      process.kill(pid)
    }
  })

  test('after a key that is refused comes the next', async () => {
    const stranger = join(sshd.folder, 'stranger')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', stranger])
    const turns = await turnsOf(async () => {
      open = await firstFrame({ privateKeyFiles: [stranger, sshd.keyFile] })
    })
    expect(turns).toBe(8)
  })

  // The command, the frame.
  test('a later shell has its channel in store', async () => {
    open = await firstFrame()
    const turns = await turnsOf(async () => (await open!.ownShell({})).frame([':']))
    expect(turns).toBe(2)
  })

  test('a shell of its own that was opened before takes a frame at once', async () => {
    open = await firstFrame()
    const own = await open.ownShell({}, { openNow: true })
    await (await open.shell({})).frame(['sleep 0.3'])
    expect(await turnsOf(() => own.frame([':']))).toBe(1)
  })

  test('the server is not asked to prove host keys that nobody looks at', async () => {
    open = await firstFrame()
    expect(sshd.log()).toContain('notify_hostkeys: sent')
    expect(sshd.log()).not.toContain('hostkeys-prove-00@openssh.com')
  })
})

describe.skipIf(!sshdIsThere)('a channel in store', () => {
  test('is asked for once where the server has no more', async () => {
    await begin('MaxSessions 1')
    const open = await dial(sshd.target({ port: way.port }))
    try {
      for (let i = 1; i <= 3; i++) {
        const own = await open.ownShell({})
        await own.frame([':'])
        await own.close()
        // Until the server has noticed, its one session is taken.
        await vi.waitFor(() => expect(sshd.log().match(/Close session: /g)).toHaveLength(i))
      }
      expect(sshd.log().match(/no more sessions/g)).toHaveLength(1)
    } finally {
      await open.close()
      await way.close()
      await sshd.stop()
    }
  })
})
