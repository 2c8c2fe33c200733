import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connection, Identity } from '../../src/core/connection.ts'
import { Failure, Unreachable } from '../../src/core/diagnostic.ts'
import { Secret } from '../../src/core/secret.ts'
import { outText } from '../../src/core/section.ts'
import { createDialer } from '../../src/transport/dialer.ts'
import type { SshTarget } from '../../src/transport/target.ts'
import { type LabHost, lab, piPassword } from '../lab/lab.ts'

const names = ['tr-sudo', 'tr-login'] as const
const root: Identity = { become: 'root', method: 'sudo' }
const right = new Secret(piPassword)
const wrong = new Secret('not-the-password')

function targetOf(host: LabHost, more: Partial<SshTarget> = {}): SshTarget {
  return {
    connection: 'ssh',
    host: host.name,
    address: host.address,
    port: host.port,
    user: host.user,
    privateKeyFiles: [lab.keyFile],
    knownHostsFiles: [lab.knownHostsFile],
    hostKeyChecking: 'strict',
    connectTimeout: 15,
    ...more,
  }
}

function dial(target: SshTarget): Promise<Connection> {
  return createDialer(() => target).dial(target.host)
}

async function run(target: SshTarget, identity: Identity, script: string): Promise<string> {
  const connection = await dial(target)
  try {
    return outText((await (await connection.shell(identity)).frame([script]))[0]!)
  } finally {
    await connection.close()
  }
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  )
  if (error instanceof Failure) return error
  throw error
}

/** Runs as root past the network; its output. */
async function onHost(host: LabHost, script: string): Promise<string> {
  const ran = await lab.exec(host.name, script)
  return ran.stdout
}

describe('sudo', () => {
  let host: LabHost
  beforeAll(async () => {
    host = (await lab.up(1, { names: [names[0]], sudoPassword: true }))[0]!
  })
  afterAll(() => lab.down([names[0]]))

  const sudoers = async (text: string, work: () => Promise<void>) => {
    await onHost(host, `printf '%s\\n' '${text}' >/etc/sudoers.d/zz-test; chmod 440 /etc/sudoers.d/zz-test`)
    try {
      await work()
    } finally {
      await onHost(host, 'rm -f /etc/sudoers.d/zz-test')
    }
  }

  test('the right password makes root, and stays a secret', async () => {
    const target = targetOf(host, { becomePassword: right })
    const script = 'id -u; echo "$HOME"; echo "$LC_ALL"; cat /proc/[0-9]*/cmdline | tr "\\0" " "'
    const text = await run(target, root, script)
    expect(text).toMatch(/^0\n\/root\nC\n/)
    expect(text).not.toContain(piPassword)
    const journal = await onHost(host, 'journalctl -q --no-pager')
    expect(journal).toContain('sudo')
    expect(journal).not.toContain(piPassword)
  })

  test('another user than root', async () => {
    const target = targetOf(host, { becomePassword: right })
    expect(await run(target, { become: 'www-data' }, 'id -un; pwd')).toBe('www-data\n/\n')
  })

  test('to become who logged in needs no password', async () => {
    expect(await run(targetOf(host), { become: 'pi' }, 'id -un')).toBe('pi\n')
  })

  test.each<[string, Partial<SshTarget>, Identity, string, RegExp]>([
    ['no password', {}, root, 'become-password-missing', /-K/],
    ['a wrong password', { becomePassword: wrong }, root, 'become-password-wrong', /-K/],
    ['nobody of that name', { becomePassword: right }, { become: 'ghost' }, 'become-failed', /user/],
  ])('%s', async (_name, more, identity, code, hint) => {
    const error = await failureOf(run(targetOf(host, more), identity, 'id'))
    expect(error.diagnostic).toMatchObject({ code, host: host.name, hint: expect.stringMatching(hint) })
    expect(JSON.stringify(error.diagnostic)).not.toMatch(/raspberry|not-the-password|pitool-[0-9a-f]{24}/)
  })

  test('one wrong try is all that is asked for', async () => {
    await sudoers('Defaults passwd_tries=1', async () => {
      const error = await failureOf(run(targetOf(host, { becomePassword: wrong }), root, 'id'))
      expect(error.diagnostic.code).toBe('become-password-wrong')
    })
  })

  test('a password that nobody asks for is never run as a command', async () => {
    await sudoers('pi ALL=(ALL) NOPASSWD: ALL', async () => {
      const connection = await dial(targetOf(host, { becomePassword: new Secret('touch /tmp/was-run') }))
      const shell = await connection.shell(root)
      const [id, there] = await shell.frame(['id -u', 'test ! -e /tmp/was-run'])
      expect([outText(id!), there!.code]).toEqual(['0\n', 0])
      await connection.close()
    })
  })

  test.each([
    ['use_pty', 'Defaults use_pty'],
    ['neither', 'Defaults !use_pty'],
    ['a lecture', 'Defaults lecture=always'],
    ['logging of output', 'Defaults log_output'],
  ])('a time-out ends what root runs, with %s', async (_name, line) => {
    await sudoers(line, async () => {
      const connection = await dial(targetOf(host, { becomePassword: right }))
      const shell = await connection.shell(root)
      expect(outText((await shell.frame(['id -u']))[0]!)).toBe('0\n')
      const error = await failureOf(shell.frame(['sleep 4321 | sleep 4321 | cat'], { timeout: 0.5 }))
      expect(error.diagnostic).toMatchObject({ code: 'timeout', cause: undefined })
      expect(await onHost(host, 'pgrep -x sleep || :')).toBe('')
      expect(outText((await shell.frame(['echo on']))[0]!)).toBe('on\n')
      const piece = Buffer.alloc(100_000, 'x')
      expect(outText(await connection.pour(root, 'wc -c', pieces(piece, 30)))).toMatch(/^\s*3000000\n$/)
      await connection.close()
      await expect.poll(() => onHost(host, 'pgrep -u pi -x sh; pgrep -x sudo || :'), { timeout: 5000 }).toBe('')
    })
  })

  test('requiretty', async () => {
    await sudoers('Defaults requiretty', async () => {
      const error = await failureOf(run(targetOf(host, { becomePassword: right }), root, 'id'))
      expect(error.diagnostic).toMatchObject({ code: 'become-failed', hint: expect.stringContaining('requiretty') })
      expect(error.diagnostic.cause).toContain('tty')
    })
  })

  test('a user who may not', async () => {
    await sudoers('pi ALL=(ALL) !ALL', async () => {
      const error = await failureOf(run(targetOf(host, { becomePassword: right }), root, 'id'))
      expect(error.diagnostic).toMatchObject({ code: 'become-failed', cause: expect.stringContaining('not allowed') })
    })
  })

  test('no sudo at all', async () => {
    await onHost(host, 'mv /usr/bin/sudo /usr/bin/sudo.away')
    try {
      const error = await failureOf(run(targetOf(host), root, 'id'))
      expect(error.diagnostic).toMatchObject({ code: 'become-failed', hint: expect.stringContaining('install sudo') })
    } finally {
      await onHost(host, 'mv /usr/bin/sudo.away /usr/bin/sudo')
    }
  })
})

describe('su', () => {
  let host: LabHost
  beforeAll(async () => {
    host = (await lab.up(1, { names: [names[0]], sudoPassword: true }))[0]!
    await onHost(host, "echo 'root:root-of-the-lab' | chpasswd")
  })
  afterAll(() => lab.down([names[0]]))
  const su: Identity = { become: 'root', method: 'su' }
  const rootPassword = new Secret('root-of-the-lab')

  test('takes the password of whom to become; a time-out ends what runs', async () => {
    const connection = await dial(targetOf(host, { becomePassword: rootPassword }))
    try {
      const shell = await connection.shell(su)
      expect(outText((await shell.frame(['id -u; echo "$HOME"']))[0]!)).toBe('0\n/root\n')
      const error = await failureOf(shell.frame(['sleep 4322 | cat'], { timeout: 0.5 }))
      expect(error.diagnostic).toMatchObject({ code: 'timeout', cause: undefined })
      expect(outText((await shell.frame(['echo on']))[0]!)).toBe('on\n')
    } finally {
      await connection.close()
    }
  })

  test.each<[string, Partial<SshTarget>, Identity, string, RegExp]>([
    ['no password', {}, su, 'become-password-missing', /-K/],
    ['a wrong password', { becomePassword: wrong }, su, 'become-password-wrong', /-K/],
    ['nobody of that name', { becomePassword: wrong }, { become: 'ghost', method: 'su' }, 'become-failed', /user/],
    ['no doas', {}, { become: 'root', method: 'doas' }, 'become-failed', /install doas/],
  ])('%s', async (_name, more, identity, code, hint) => {
    const error = await failureOf(run(targetOf(host, more), identity, 'id'))
    expect(error.diagnostic).toMatchObject({ code, host: host.name, hint: expect.stringMatching(hint) })
    expect(JSON.stringify(error.diagnostic)).not.toMatch(/not-the-password/)
  })
})

describe.each(['ssh', 'openssh'] as const)('logging in, connection: %s', connection => {
  let host: LabHost
  beforeAll(async () => {
    host = (await lab.up(1, { names: [names[1]], key: false }))[0]!
  })
  afterAll(() => lab.down([names[1]]))

  test('by password', async () => {
    expect(await run(targetOf(host, { connection, privateKeyFiles: [], password: right }), {}, 'id -un')).toBe('pi\n')
  })

  test('by key first, then by password', async () => {
    expect(await run(targetOf(host, { connection, password: right }), {}, 'id -un')).toBe('pi\n')
  })

  test('a wrong password, and none', async () => {
    const refused = await failureOf(dial(targetOf(host, { connection, password: wrong })))
    expect(refused).toBeInstanceOf(Unreachable)
    expect(refused.diagnostic).toMatchObject({ code: 'auth-failed', hint: expect.stringContaining('password') })
    const none = await failureOf(dial(targetOf(host, { connection })))
    expect(none.diagnostic).toMatchObject({ code: 'auth-failed', hint: expect.stringContaining('-k') })
    expect(JSON.stringify([refused.diagnostic, none.diagnostic])).not.toContain('not-the-password')
  })

  test('by keyboard-interactive', async () => {
    const settings = 'PasswordAuthentication no\\nKbdInteractiveAuthentication yes\\n'
    const file = '/etc/ssh/sshd_config.d/00-test.conf'
    await onHost(host, `printf '${settings}' >${file}; systemctl restart ssh`)
    try {
      expect(await run(targetOf(host, { connection, password: right }), {}, 'id -un')).toBe('pi\n')
      const { diagnostic } = await failureOf(dial(targetOf(host, { connection, password: wrong })))
      expect(diagnostic).toMatchObject({ code: 'auth-failed', cause: expect.stringContaining('keyboard-interactive') })
    } finally {
      await onHost(host, `rm ${file}; systemctl restart ssh`)
    }
  })

  test.each([
    ['nologin', '/usr/sbin/nologin', /is nologin: .*usermod -s/],
    ['a restricted one', '/bin/rbash', /is a restricted one: .*usermod -s/],
  ])('a user whose shell is %s is refused, with the cure', async (_name, program, hint) => {
    await onHost(host, `useradd -m -s ${program} odd; echo odd:${piPassword} | chpasswd`)
    try {
      const error = await failureOf(run(targetOf(host, { connection, user: 'odd', password: right }), {}, 'id'))
      expect(error.diagnostic).toMatchObject({ code: 'no-shell', hint: expect.stringMatching(hint) })
    } finally {
      await onHost(host, 'userdel -rf odd 2>/dev/null || :')
    }
  })

  test('a reboot loses the connection, and dialling again finds the new boot', async () => {
    const target = targetOf(host, { connection, password: right, connectTimeout: 5 })
    const first = await dial(target)
    const shell = await first.shell({})
    const bootId = async (of: Connection) =>
      outText((await (await of.shell({})).frame(['cat /proc/sys/kernel/random/boot_id']))[0]!)
    const before = await bootId(first)
    const lost = failureOf(shell.frame(['sleep 120']))
    await lab.reboot(host.name)
    const error = await lost
    expect(error).toBeInstanceOf(Unreachable)
    expect(error.diagnostic.code).toBe('connection-lost')
    expect(first.alive).toBe(false)
    await first.close()
    const again = await untilDialled(target)
    expect(await bootId(again)).not.toBe(before)
    await again.close()
  })

  // The same options by either; a minute of waiting for one of them is enough.
  if (connection === 'openssh') return
  test('a pulled cable is found out, and what waits fails', async () => {
    const target = targetOf(host, { connection, password: right, connectTimeout: 3 })
    const line = await untilDialled(target)
    const shell = await line.shell({})
    await shell.frame(['true'])
    await lab.cut(host.name)
    try {
      const began = Date.now()
      const error = await failureOf(shell.frame(['echo hello']))
      expect(error.diagnostic.code).toBe('connection-lost')
      // As docs/cli.md says, and a little for a slow machine.
      expect(Date.now() - began).toBeLessThan(65_000)
      expect((await failureOf(dial(target))).diagnostic.code).toBe('unreachable')
    } finally {
      await lab.uncut(host.name)
      await line.close()
    }
  })
})

async function untilDialled(target: SshTarget): Promise<Connection> {
  for (let i = 0; ; i++) {
    try {
      return await dial(target)
    } catch (error) {
      if (i === 30) throw error
      await new Promise(resolve => setTimeout(resolve, 1000))
    }
  }
}

async function* pieces(piece: Uint8Array, count: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) yield piece
}
