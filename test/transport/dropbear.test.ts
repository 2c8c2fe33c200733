import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createDialer } from '../../src/transport/dialer.ts'
import type { SshTarget } from '../../src/transport/target.ts'
import { testTransport } from './contract.ts'
import { over } from './over.ts'
import { attend, freePort, targetAt } from './sshd.ts'

// It reads keys from the user's own home only: that is another one for it alone, which takes a mount of its own.
const canRun =
  existsSync('/usr/sbin/dropbear') && userInfo().uid === 0 && spawnSync('unshare', ['-m', 'true']).status === 0
if (!canRun) console.log('skipped: the tests over dropbear, which take root, a mount and the package dropbear-bin')

interface Dropbear {
  readonly folder: string
  target(more?: Partial<SshTarget>): SshTarget
  stop(): Promise<void>
}

async function startDropbear(): Promise<Dropbear> {
  const folder = mkdtempSync(join(tmpdir(), 'pitool-dropbear-'))
  const at = (name: string) => join(folder, name)
  const run = (program: string, ...args: readonly string[]) =>
    execFileSync(program, args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
  for (const type of ['ed25519', 'rsa', 'ecdsa']) run('ssh-keygen', '-q', '-t', type, '-N', '', '-f', at(type))
  const told = run('dropbearkey', '-t', 'ed25519', '-f', at('host'))
  const hostKey = /^(ssh-ed25519 \S+)/m.exec(told)![1]
  const home = at('home')
  mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 })
  const keys = ['ed25519', 'rsa', 'ecdsa'].map(type => readFileSync(at(`${type}.pub`)))
  writeFileSync(join(home, '.ssh/authorized_keys'), Buffer.concat(keys), { mode: 0o600 })
  const place = { address: '127.0.0.1', port: await freePort() }
  const serve = `mount --bind '${home}' "$1" && exec dropbear -F -E -s -r '${at('host')}' -p 127.0.0.1:${place.port} -P ''`
  const daemon = spawn('unshare', ['-m', 'sh', '-c', serve, 'sh', userInfo().homedir], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const { stop } = await attend(daemon, place, folder)
  writeFileSync(at('known_hosts'), `[127.0.0.1]:${place.port} ${hostKey}\n`)
  return {
    folder,
    target: more => ({ ...targetAt(place, at('ed25519'), at('known_hosts')), ...more }),
    stop,
  }
}

describe.skipIf(!canRun)('dropbear, which must not be hurried', () => {
  testTransport('the contract', async () => {
    const server = await startDropbear()
    return { dialer: createDialer(() => server.target()), host: 'n1', close: () => server.stop() }
  })

  test.each(['ed25519', 'rsa', 'ecdsa'])('a key of type %s, also after one that is refused', async type => {
    const server = await startDropbear()
    try {
      const key = join(server.folder, type)
      const stranger = join(server.folder, 'stranger')
      execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', stranger])
      for (const privateKeyFiles of [[key], [stranger, key]])
        expect(await over(server.target({ privateKeyFiles }), 'echo in')).toBe('in\n')
    } finally {
      await server.stop()
    }
  })
})
