import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Code } from '../../src/core/codes.ts'
import { Unreachable } from '../../src/core/diagnostic.ts'
import { outText } from '../../src/core/section.ts'
import { createDialer } from '../../src/transport/dialer.ts'
import type { SshTarget } from '../../src/transport/target.ts'
import { failureOf } from './contract.ts'
import { dial, over } from './over.ts'
import { freePort, type Gateway, type Sshd, type Start, startGateway } from './sshd.ts'

/** Its port as a gateway before it has it, known by the same key. */
function behind(sshd: Sshd, gateway: Gateway, more: Partial<SshTarget> = {}): SshTarget {
  writeFileSync(sshd.knownHosts, `[127.0.0.1]:${gateway.port} ${sshd.hostKey}\n`, { flag: 'a' })
  return sshd.target({ port: gateway.port, ...more })
}

interface Expected {
  readonly code: Code
  readonly message: RegExp
  readonly hint?: RegExp
}

/** The port its caller came from, as the host sees it. */
const caller = 'echo "$SSH_CONNECTION" | cut -d" " -f2'

const hasIpv6 = Object.values(networkInterfaces()).some(all => all?.some(({ address }) => address === '::1'))

/** Jump hosts, ProxyCommand and IPv6, the same by any program. */
export function testWays(start: Start): void {
  describe('through a jump host', () => {
    let hop: Sshd
    let sshd: Sshd
    beforeAll(async () => {
      hop = await start('AllowTcpForwarding yes')
      sshd = await start()
    })
    afterAll(() => Promise.all([hop.stop(), sshd.stop()]))
    const via = (more: Partial<SshTarget> = {}) => hop.target({ host: 'gate', ...more })

    test('one connection to it for all hosts at once, and none is left', async () => {
      const before = await startGateway(hop.port)
      const gate = behind(hop, before, { host: 'gate' })
      const dialer = createDialer(host => sshd.target({ host, via: gate }))
      const all = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(host => dialer.dial(host)))
      const shells = await Promise.all(all.map(connection => connection.shell({})))
      const ids = await Promise.all(shells.map(async shell => outText((await shell.frame([caller]))[0]!)))
      expect(new Set(ids).size).toBe(6)
      expect(before.calls).toBe(1)
      expect(all[0]!.bytes.received).toBeGreaterThan(100)
      await Promise.all(all.map(connection => connection.close()))
      // One after the other shares it as well, for a moment.
      await (await dialer.dial('g')).close()
      expect(before.calls).toBe(1)
      await expect.poll(() => before.open, { timeout: 4000 }).toBe(0)
      await (await dialer.dial('h')).close()
      expect(before.calls).toBe(2)
      await before.stop()
    })

    test('two megabytes there and back', async () => {
      const connection = await dial(sshd.target({ via: via() }))
      const bytes = Buffer.alloc(2_000_000, 'pitool\n')
      async function* input() {
        yield bytes
      }
      const section = await connection.pour({}, 'sha256sum; head -c 900000 /dev/zero | tr "\\0" x', input())
      expect(outText(section).length).toBeGreaterThan(900_000)
      expect(connection.bytes.sent).toBeGreaterThan(2_000_000)
      await connection.close()
    })

    test('two of them, the second called from the first', async () => {
      const second = await start('AllowTcpForwarding yes')
      const first = await startGateway(hop.port)
      try {
        const chain = second.target({ host: 'second', via: behind(hop, first, { host: 'first' }) })
        expect(await over(sshd.target({ via: chain }), 'echo in')).toBe('in\n')
        expect(first.calls).toBe(1)
      } finally {
        await first.stop()
        await second.stop()
      }
    })

    test.each<[string, () => Partial<SshTarget> | Promise<Partial<SshTarget>>, Expected]>([
      [
        'it cannot be reached',
        async () => ({ via: via({ port: await freePort() }) }),
        { code: 'unreachable', message: /^n1 is reached through gate: gate cannot be reached .*refused/ },
      ],
      [
        'its key is not known',
        () => ({ via: via({ knownHostsFiles: [join(hop.folder, 'none')] }) }),
        { code: 'host-key-unknown', message: /^n1 is reached through gate: the host key/ },
      ],
      [
        'it refuses the login',
        () => ({ via: via({ privateKeyFiles: [sshd.keyFile] }) }),
        { code: 'auth-failed', message: /^n1 is reached through gate: gate refuses/ },
      ],
      [
        'it cannot reach the host',
        async () => ({ via: via(), port: await freePort() }),
        {
          code: 'unreachable',
          message: /^n1 is reached through gate: gate cannot connect to 127/,
          hint: /sshd running/,
        },
      ],
      [
        'the key of the host is not known',
        () => ({ via: via(), knownHostsFiles: [join(hop.folder, 'none')] }),
        { code: 'host-key-unknown', message: /^the host key of 127/, hint: /^((?!ssh-keyscan).)*--accept-new/ },
      ],
      [
        'the host refuses the login',
        () => ({ via: via(), privateKeyFiles: [hop.keyFile] }),
        { code: 'auth-failed', message: /^n1 refuses/, hint: /--private-key/ },
      ],
    ])('it names the one that fails: %s', async (_, more, { message, hint, ...rest }) => {
      const error = await failureOf(dial(sshd.target(await more())))
      expect(error).toBeInstanceOf(Unreachable)
      expect(error.diagnostic).toMatchObject({ host: 'n1', ...rest })
      expect(error.diagnostic.message).toMatch(message)
      expect(error.diagnostic.hint).toMatch(hint ?? /./)
    })

    test('one that forwards nothing says how it would', async () => {
      const closed = await start('AllowTcpForwarding no')
      try {
        const error = await failureOf(dial(sshd.target({ via: closed.target({ host: 'gate' }) })))
        expect(error.diagnostic).toMatchObject({
          code: 'unreachable',
          hint: expect.stringContaining('AllowTcpForwarding'),
        })
      } finally {
        await closed.stop()
      }
    })

    test('one that is lost takes its hosts with it, says so, and is called again', async () => {
      const before = await startGateway(hop.port)
      const gate = behind(hop, before, { host: 'gate' })
      const dialer = createDialer(host => sshd.target({ host, via: gate }))
      const connection = await dialer.dial('a')
      const shell = await connection.shell({})
      const running = shell.frame(['sleep 60'])
      setTimeout(() => before.cut(), 200)
      const error = await failureOf(running)
      expect(error.diagnostic).toMatchObject({ code: 'connection-lost', host: 'a' })
      expect(error.diagnostic.cause).toContain('jump host gate')
      expect(connection.alive).toBe(false)
      await (await dialer.dial('a')).close()
      expect(before.calls).toBe(2)
      await before.stop()
    })

    test('a host that hangs up on its first callers is called again, by the same connection', async () => {
      const busy = await startGateway(sshd.port, (socket, call) => {
        if (call <= 2) socket.end('Exceeded MaxStartups\r\n')
        return call <= 2
      })
      const before = await startGateway(hop.port)
      const target = behind(sshd, busy, { via: behind(hop, before, { host: 'gate' }) })
      expect(await over(target, 'echo in')).toBe('in\n')
      expect([busy.calls, before.calls]).toEqual([3, 1])
      await busy.stop()
      await before.stop()
    })

    test('a cancelled dial ends at once', async () => {
      const silent = await startGateway(hop.port, () => true)
      const gate = behind(hop, silent, { host: 'gate' })
      const dialer = createDialer(host => sshd.target({ host, via: gate }))
      const cancel = new AbortController()
      setTimeout(() => cancel.abort(), 200)
      const error = await failureOf(dialer.dial('a', cancel.signal))
      expect(error.diagnostic).toMatchObject({ code: 'cancelled', host: 'a' })
      await silent.stop()
    })
  })

  describe('by a ProxyCommand', () => {
    let sshd: Sshd
    beforeAll(async () => {
      sshd = await start()
    })
    afterAll(() => sshd.stop())

    test('its streams are the connection, and it ends with it', async () => {
      const pid = join(sshd.folder, 'proxy-pid')
      const program = `require("net").connect(${sshd.port},"127.0.0.1",function(){process.stdin.pipe(this).pipe(process.stdout)})`
      const file = join(sshd.folder, 'proxy.js')
      writeFileSync(
        file,
        `require("fs").writeFileSync("${pid}",String(process.pid));setInterval(()=>{},1000);${program}`,
      )
      const proxyCommand = `'${process.execPath}' '${file}'`
      expect(
        await over(
          sshd.target({ proxyCommand, address: 'nowhere.invalid', hostKeyAlias: `[127.0.0.1]:${sshd.port}` }),
          'echo in',
        ),
      ).toBe('in\n')
      const gone = () => {
        try {
          process.kill(Number(readFileSync(pid, 'utf8')), 0)
          return false
        } catch {
          return true
        }
      }
      await expect.poll(gone, { timeout: 3000 }).toBe(true)
    })

    test.each([
      ['echo it cannot >&2; exit 3', /exit code 3/, /it cannot/],
      ['/no/such/program', /exit code 127/, /not found/],
      ['true', /exit code 0/, undefined],
    ])('%s: says how it ended, without calling again', async (command, message, cause) => {
      const started = Date.now()
      // `exec` takes one command, as with ssh.
      const proxyCommand = command.includes(';') ? `sh -c '${command}'` : command
      const error = await failureOf(dial(sshd.target({ proxyCommand })))
      expect(error.diagnostic).toMatchObject({ code: 'unreachable', host: 'n1' })
      // ssh itself does not tell its exit code.
      expect(error.diagnostic.message).toMatch(start.connection === 'ssh' ? message : /ended before anything came/)
      if (cause) expect(error.diagnostic.cause).toMatch(cause)
      expect(Date.now() - started).toBeLessThan(2000)
    })
  })

  describe.skipIf(!hasIpv6)('over IPv6', () => {
    let sshd: Sshd
    beforeAll(async () => {
      sshd = await start('ListenAddress ::1')
    })
    afterAll(() => sshd.stop())

    test('known by [address]:port, as OpenSSH writes it', async () => {
      expect(await over(sshd.target(), 'echo in')).toBe('in\n')
    })

    test('with a zone', async () => {
      // The system's own look-up takes names of zones for link-local addresses only.
      const zone = start.connection === 'ssh' ? 'lo' : '1'
      const target = sshd.target({ address: `::1%${zone}`, hostKeyAlias: `[::1]:${sshd.port}` })
      expect(await over(target, 'echo in')).toBe('in\n')
    })

    test('a new key is remembered in that form', async () => {
      const file = join(sshd.folder, 'new')
      await over(sshd.target({ knownHostsFiles: [file], hostKeyChecking: 'accept-new' }), ':')
      expect(readFileSync(file, 'utf8')).toBe(`[::1]:${sshd.port} ${sshd.hostKey}\n`)
      const found = execFileSync('ssh-keygen', ['-F', `[::1]:${sshd.port}`, '-f', file]).toString()
      expect(found).toContain('found')
    })

    test('through a jump host', async () => {
      const hop = await start('AllowTcpForwarding yes')
      try {
        expect(await over(sshd.target({ via: hop.target({ host: 'gate' }) }), 'echo in')).toBe('in\n')
      } finally {
        await hop.stop()
      }
    })

    test('a message has it in brackets', async () => {
      const error = await failureOf(dial(sshd.target({ port: await freePort() })))
      expect(error.diagnostic.message).toMatch(/ at \[::1\]:\d+: connection refused/)
    })
  })
}
