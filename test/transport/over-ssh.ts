import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '../../src/core/connection.ts'
import { Unreachable } from '../../src/core/diagnostic.ts'
import { Secret } from '../../src/core/secret.ts'
import { outText } from '../../src/core/section.ts'
import { createDialer } from '../../src/transport/dialer.ts'
import { fingerprint } from '../../src/transport/host-key.ts'
import type { SshTarget } from '../../src/transport/target.ts'
import { failureOf, newTag, running, testTransport } from './contract.ts'
import { freePort, type Sshd, type Start, startGateway } from './sshd.ts'

const dial = (target: SshTarget, signal?: AbortSignal) => createDialer(() => target).dial('n1', signal)

/** Runs a command over a new connection. */
async function over(target: SshTarget, script: string): Promise<string> {
  const connection = await dial(target)
  try {
    const shell = await connection.shell({})
    return outText((await shell.frame([script]))[0]!)
  } finally {
    await connection.close()
  }
}

/** Logging in to an sshd and working there, the same by any program. */
export function testLogins(start: Start): void {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await start()
  })
  afterAll(() => sshd.stop())

  testTransport('the contract', async () => ({
    dialer: createDialer(() => sshd.target()),
    host: 'n1',
    close: async () => undefined,
  }))

  testTransport('the contract, with three sessions a connection', async () => {
    const narrow = await start('MaxSessions 3')
    return { dialer: createDialer(() => narrow.target()), host: 'n1', close: () => narrow.stop() }
  })

  describe('logging in', () => {
    test('an encrypted key, its passphrase asked once for many hosts', async () => {
      const file = sshd.newKey('locked', '-N', 'open sesame')
      const asked: string[] = []
      const passphrase = async (name: string) => {
        asked.push(name)
        return new Secret('open sesame')
      }
      const target = sshd.target({ privateKeyFiles: [file], passphrase })
      const dialer = createDialer(() => target)
      const all = await Promise.all([dialer.dial('a'), dialer.dial('b'), dialer.dial('c')])
      expect(asked).toEqual([file])
      await Promise.all(all.map(connection => connection.close()))
    })

    test('a human may take longer for the passphrase than a connection may take', async () => {
      const file = sshd.newKey('slow', '-N', 'slowly')
      // Programs take a while to start.
      const connectTimeout = start.connection === 'ssh' ? 1 : 3
      const passphrase = async () => {
        await new Promise(resolve => setTimeout(resolve, connectTimeout * 1000 + 500))
        return new Secret('slowly')
      }
      const target = sshd.target({ privateKeyFiles: [file], passphrase, connectTimeout })
      expect(await over(target, 'echo in')).toBe('in\n')
    })

    test.each(['rsa', 'ecdsa'])('a key of type %s', async type => {
      const file = sshd.newKey(`id-${type}`, '-t', type)
      expect(await over(sshd.target({ privateKeyFiles: [file] }), 'echo in')).toBe('in\n')
    })

    test.each<[string, (sshd: Sshd) => Partial<SshTarget>, RegExp]>([
      ['no passphrase', s => ({ privateKeyFiles: [s.newKey('mute', '-N', 'x1x1x')] }), /no passphrase was given/],
      [
        'a wrong passphrase',
        s => ({ privateKeyFiles: [s.newKey('wrong', '-N', 'x1x1x')], passphrase: async () => new Secret('y2y2y') }),
        /passphrase is wrong/,
      ],
      ['no file', s => ({ privateKeyFiles: [join(s.folder, 'none')] }), /no such file/],
      ['the public half', s => ({ privateKeyFiles: [`${s.keyFile}.pub`] }), /public key/],
      ['no key at all', s => ({ privateKeyFiles: [s.knownHosts] }), /cannot be used/],
    ])('a key that cannot be used: %s', async (_name, more, message) => {
      const error = await failureOf(dial(sshd.target(more(sshd))))
      expect(error).toBeInstanceOf(Unreachable)
      expect(error.diagnostic).toMatchObject({
        code: 'key-unusable',
        host: 'n1',
        message: expect.stringMatching(message),
      })
      expect(error.diagnostic.hint).toBeTruthy()
    })

    test('an unusable key does not matter where another one is taken', async () => {
      const privateKeyFiles = [join(sshd.folder, 'none'), sshd.keyFile]
      expect(await over(sshd.target({ privateKeyFiles }), 'echo in')).toBe('in\n')
    })

    test('a key that the server does not know', async () => {
      const file = join(sshd.folder, 'stranger')
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
      const error = await failureOf(dial(sshd.target({ privateKeyFiles: [file] })))
      expect(error).toBeInstanceOf(Unreachable)
      expect(error.diagnostic).toMatchObject({ code: 'auth-failed', cause: expect.stringContaining(`key ${file}`) })
      expect(error.diagnostic.cause).toContain('the server takes: publickey')
      expect(error.diagnostic.hint).toContain('--private-key')
    })

    test('an agent, which is not forwarded', async () => {
      const socket = join(sshd.folder, 'agent')
      const agent = execFileSync('ssh-agent', ['-s', '-a', socket]).toString()
      const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(agent)![1])
      try {
        execFileSync('ssh-add', [sshd.newKey('agents')], {
          env: { ...process.env, SSH_AUTH_SOCK: socket },
          stdio: 'ignore',
        })
        const locked = sshd.newKey('agents-locked', '-N', 'never asked')
        const passphrase = () => Promise.reject(new Error('asked'))
        const target = sshd.target({ privateKeyFiles: [locked], agent: socket, passphrase })
        expect(await over(target, 'echo "in${SSH_AUTH_SOCK-}"')).toBe('in\n')
      } finally {
        process.kill(pid)
      }
    })

    test('an agent that is not there', async () => {
      expect(await over(sshd.target({ agent: join(sshd.folder, 'no-agent') }), 'echo in')).toBe('in\n')
    })
  })

  describe('host keys', () => {
    const file = (name: string, text: string) => {
      const path = join(sshd.folder, name)
      writeFileSync(path, text)
      return path
    }
    const strangers = () => {
      const path = join(sshd.folder, `other-${newTag()}`)
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path])
      return readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')
    }
    const print = () => fingerprint(Buffer.from(sshd.hostKey.split(' ')[1]!, 'base64'))

    test('unknown', async () => {
      const knownHostsFiles = [join(sshd.folder, 'absent')]
      const error = await failureOf(dial(sshd.target({ knownHostsFiles })))
      expect(error.diagnostic).toMatchObject({ code: 'host-key-unknown', message: expect.stringContaining(print()) })
      expect(error.diagnostic.hint).toContain(`ssh-keyscan -p ${sshd.port} 127.0.0.1 >> ${knownHostsFiles[0]}`)
    })

    test('changed, though new ones are accepted', async () => {
      const known = file('changed', `# old\n[127.0.0.1]:${sshd.port} ${strangers()}\n`)
      const target = sshd.target({ knownHostsFiles: [known], hostKeyChecking: 'accept-new' })
      const error = await failureOf(dial(target))
      expect(error.diagnostic).toMatchObject({ code: 'host-key-changed', cause: `${known}:2` })
      expect(error.diagnostic.message).toContain(print())
    })

    test('revoked', async () => {
      const known = file('revoked', `[127.0.0.1]:${sshd.port} ${sshd.hostKey}\n@revoked * ${sshd.hostKey}\n`)
      const error = await failureOf(dial(sshd.target({ knownHostsFiles: [known] })))
      expect(error.diagnostic.code).toBe('host-key-revoked')
    })

    test('a new one is accepted once, and compared from then on', async () => {
      const knownHostsFiles = [join(sshd.folder, 'new')]
      const target = sshd.target({ knownHostsFiles, hostKeyChecking: 'accept-new' })
      await Promise.all([over(target, 'true'), over(target, 'true')])
      expect(readFileSync(knownHostsFiles[0]!, 'utf8')).toBe(`[127.0.0.1]:${sshd.port} ${sshd.hostKey}\n`)
      expect(await over(sshd.target({ knownHostsFiles }), 'echo in')).toBe('in\n')
    })

    test('in the second file', async () => {
      const knownHostsFiles = [join(sshd.folder, 'absent'), sshd.knownHosts]
      expect(await over(sshd.target({ knownHostsFiles }), 'echo in')).toBe('in\n')
    })

    test('the type that is known is the one that is compared', async () => {
      const rsa = join(sshd.folder, 'host-rsa')
      execFileSync('ssh-keygen', ['-q', '-t', 'rsa', '-N', '', '-f', rsa])
      const two = await start(`HostKey ${rsa}`)
      try {
        const known = file('rsa-only', `[127.0.0.1]:${two.port} ${readFileSync(`${rsa}.pub`, 'utf8')}`)
        expect(await over(two.target({ knownHostsFiles: [known] }), 'echo in')).toBe('in\n')
      } finally {
        await two.stop()
      }
    })
  })

  describe('the network', () => {
    test('nobody listens', async () => {
      const error = await failureOf(dial(sshd.target({ port: await freePort() })))
      expect(error).toBeInstanceOf(Unreachable)
      expect(error.diagnostic).toMatchObject({ code: 'unreachable', message: expect.stringContaining('refused') })
    })

    test('the name does not exist', async () => {
      const error = await failureOf(dial(sshd.target({ address: 'nowhere.invalid' })))
      expect(error.diagnostic.code).toBe('unreachable')
      expect(error.diagnostic.hint).toMatch(/name/)
    })

    test.each([
      ['silence', () => true, 'unreachable', /within 1 s/],
      ['another protocol', speak('HTTP/1.1 400 Bad Request\r\n\r\n'), 'unreachable', /does not speak SSH HTTP/],
      ['garbage', speak('\0\x01\xff\n'.repeat(5000)), 'unreachable', /does not speak SSH/],
    ])('%s instead of sshd', async (_name, first, code, message) => {
      const gateway = await startGateway(sshd.port, first)
      try {
        const error = await failureOf(dial(sshd.target({ port: gateway.port, connectTimeout: 1 })))
        expect(error.diagnostic.code).toBe(code)
        expect(`${error.diagnostic.message} ${error.diagnostic.cause}`).toMatch(message)
      } finally {
        await gateway.stop()
      }
    })

    const knowing = (port: number) => {
      appendFileSync(sshd.knownHosts, `[127.0.0.1]:${port} ${sshd.hostKey}\n`)
      return sshd.target({ port })
    }

    test('a server that hangs up on the first callers is called again', async () => {
      const gateway = await startGateway(sshd.port, (socket, call) =>
        call <= 3 ? Boolean(call === 2 ? socket.end('Exceeded MaxStartups\r\n') : socket.destroy()) : false,
      )
      try {
        expect(await over(knowing(gateway.port), 'echo in')).toBe('in\n')
        expect(gateway.calls).toBe(4)
      } finally {
        await gateway.stop()
      }
    })

    test('and given up on after a while', async () => {
      const gateway = await startGateway(sshd.port, socket => Boolean(socket.resetAndDestroy()))
      try {
        const error = await failureOf(dial(knowing(gateway.port)))
        expect(error.diagnostic).toMatchObject({ code: 'unreachable', hint: expect.stringContaining('MaxStartups') })
        expect(gateway.calls).toBe(6)
      } finally {
        await gateway.stop()
      }
    })

    test('a dialling that is called off', async () => {
      const gateway = await startGateway(sshd.port, () => true)
      try {
        const start = Date.now()
        const error = await failureOf(dial(sshd.target({ port: gateway.port }), AbortSignal.timeout(200)))
        expect(error.diagnostic.code).toBe('cancelled')
        expect(Date.now() - start).toBeLessThan(2000)
      } finally {
        await gateway.stop()
      }
    })

    test('a cut connection fails everything that is under way, and leaves nothing running', async () => {
      const gateway = await startGateway(sshd.port)
      const connection = await dial(knowing(gateway.port))
      const tag = newTag()
      const shell = await connection.shell({})
      const own = await connection.ownShell({})
      await own.frame(['true'])
      const work = [
        shell.frame([`sleep 0.5; echo ${tag}`]),
        shell.frame(['echo queued']),
        own.frame(['sleep 1; echo never'], { timeout: 30 }),
        connection.pour({}, 'cat >/dev/null', endless()),
      ].map(failureOf)
      setTimeout(() => gateway.cut(), 300)
      for (const error of await Promise.all(work)) {
        expect(error).toBeInstanceOf(Unreachable)
        expect(error.diagnostic).toMatchObject({ code: 'connection-lost', host: 'n1' })
      }
      expect(connection.alive).toBe(false)
      expect((await failureOf(connection.shell({}))).diagnostic.code).toBe('connection-lost')
      expect((await failureOf(shell.frame(['echo no']))).diagnostic.code).toBe('connection-lost')
      await connection.close()
      await gateway.stop()
      await expect.poll(() => running(tag), { timeout: 5000 }).toEqual([])
    })

    test('a time-out on a line that has gone dead ends all the same', async () => {
      const gateway = await startGateway(sshd.port)
      const connection = await dial({ ...knowing(gateway.port), connectTimeout: 1 })
      const shell = await connection.shell({})
      await shell.frame(['true'])
      gateway.freeze()
      const error = await failureOf(shell.frame(['echo hi'], { timeout: 0.5 }))
      expect(error.diagnostic.code).toBe('timeout')
      expect(error.diagnostic.cause).toContain('may still be running')
      await connection.close()
      await gateway.stop()
    })
  })

  describe('odd logins', () => {
    const forced = async (command: string, work: (connection: Connection) => Promise<void>) => {
      const odd = await start(`ForceCommand ${command}`)
      const connection = await dial(odd.target({ connectTimeout: 2 }))
      try {
        await work(connection)
      } finally {
        await connection.close()
        await odd.stop()
      }
    }

    test('a login that prints banners', async () => {
      const noise = 'head -c 100000 /etc/services; echo pitool-; echo noise >&2; sh -c "$SSH_ORIGINAL_COMMAND"'
      await forced(noise, async connection => {
        const shell = await connection.shell({})
        expect((await shell.frame(['echo a', 'echo b >&2'])).map(s => outText(s))).toEqual(['a\n', ''])
      })
    })

    test.each([
      ['a login that may run nothing', 'echo This account is not available; exit 1', /exit code 1/, /not available/],
      ['a login that says nothing', 'sleep 3', /nothing for 2 s/, undefined],
      ['a login that is a menu', 'echo "1) status"; cat', /nothing for 2 s/, /1\) status/],
    ])('%s', async (_name, command, message, cause) => {
      await forced(command, async connection => {
        const shell = await connection.shell({})
        const { diagnostic } = await failureOf(shell.frame(['echo a']))
        expect(diagnostic.code).toBe('no-shell')
        expect(diagnostic.message).toMatch(message)
        if (cause) expect(diagnostic.cause).toMatch(cause)
      })
    })

    test('one session a connection: shells take turns, and a time-out still ends what ran', async () => {
      const narrow = await start('MaxSessions 1')
      const connection = await dial(narrow.target())
      const tag = newTag()
      try {
        const shell = await connection.shell({})
        await shell.frame(['true'])
        const own = await connection.ownShell({})
        expect((await failureOf(own.frame([`sleep ${tag}`], { timeout: 0.3 }))).diagnostic).toMatchObject({
          code: 'timeout',
          cause: undefined,
        })
        expect(await running(tag)).toEqual([])
        await own.close()
        expect(outText((await shell.frame(['echo back']))[0]!)).toBe('back\n')
      } finally {
        await connection.close()
        await narrow.stop()
      }
    })

    test('no session at all', async () => {
      const shut = await start('MaxSessions 0')
      const connection = await dial(shut.target())
      const shell = await connection.shell({})
      const { diagnostic } = await failureOf(shell.frame(['true']))
      expect(diagnostic).toMatchObject({ code: 'no-shell', hint: expect.stringContaining('MaxSessions') })
      await connection.close()
      await shut.stop()
    })
  })
}

/** A server that says this and nothing else. */
function speak(text: string) {
  return (socket: { end(text: string): unknown }) => Boolean(socket.end(text))
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield Buffer.alloc(10_000)
}
