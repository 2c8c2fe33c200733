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

afterAll(() => lab.down([names[0]]))

describe('sudo', () => {
  let host: LabHost
  beforeAll(async () => {
    host = (await lab.up(1, { names: [names[0]], sudoPassword: true }))[0]!
  })

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

describe('doas', () => {
  let host: LabHost
  beforeAll(async () => {
    host = (await lab.up(1, { names: [names[0]], sudoPassword: true }))[0]!
    await onHost(
      host,
      `apt-get -q update && apt-get -qy install opendoas tcsh && useradd -m -s /bin/tcsh odd &&
      echo odd:${piPassword} | chpasswd`,
    )
  })
  const doas: Identity = { become: 'root', method: 'doas' }
  const permit = (...lines: readonly string[]) =>
    onHost(host, `rm -f /etc/doas.conf; printf '%s\\n' ${lines.map(line => `'${line}'`).join(' ')} >/etc/doas.conf`)
  const left = () => onHost(host, 'pgrep -x "doas|script|head|sleep" || :')

  describe.each(['ssh', 'openssh'] as const)('connection: %s', connection => {
    const target = (more: Partial<SshTarget> = {}) => targetOf(host, { connection, ...more })

    test('permit nopass: root, and another user', async () => {
      await permit('permit nopass pi')
      expect(await run(target(), doas, 'id -u; echo "$HOME $LC_ALL"')).toBe('0\n/root C\n')
      expect(await run(target(), { ...doas, become: 'www-data' }, 'id -un')).toBe('www-data\n')
    })

    test('permit nopass: a password that nobody asks for is never run as a command', async () => {
      await permit('permit nopass keepenv pi')
      const script = 'id -u; test ! -e /tmp/was-run && env | grep become_'
      expect(await run(target({ becomePassword: new Secret('touch /tmp/was-run') }), doas, script)).toBe('0\n')
    })

    test.each(['permit pi', 'permit persist keepenv pi'])(
      '%s: the right password, which stays a secret',
      async line => {
        await permit(line)
        const open = await dial(target({ becomePassword: right }))
        try {
          const script = 'id -u; echo "$HOME"; cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr "\\0" "\\n"'
          const shell = await open.shell(doas)
          const text = outText((await shell.frame([script]))[0]!)
          expect(text).toMatch(/^0\n\/root\n/)
          expect(text).toContain('doas')
          const own = await open.ownShell(doas)
          expect(outText((await own.frame(['id -u; env | grep become_']))[0]!)).toBe('0\n')
          await own.close()
          const other = await open.shell({ ...doas, become: 'www-data' })
          expect(outText((await other.frame(['id -un; echo "$HOME"']))[0]!)).toBe('www-data\n/var/www\n')
          const journal = await onHost(host, 'journalctl -q --no-pager -o json --all')
          expect(journal).toContain('doas')
          expect(text + journal).not.toContain(piPassword)
        } finally {
          await open.close()
        }
        await expect.poll(left, { timeout: 5000 }).toBe('')
      },
    )

    test('a login shell that is not sh', async () => {
      await permit('permit odd')
      const odd = target({ user: 'odd', privateKeyFiles: [], password: right, becomePassword: right })
      expect(await run(odd, doas, 'id -u')).toBe('0\n')
      await permit('permit nopass odd')
      expect(await run({ ...odd, becomePassword: undefined }, doas, 'id -u')).toBe('0\n')
    })

    test('a time-out ends what root runs; what is sent arrives', async () => {
      await permit('permit pi')
      const open = await dial(target({ becomePassword: right }))
      const shell = await open.shell(doas)
      const error = await failureOf(shell.frame(['sleep 4323 | sleep 4323 | cat'], { timeout: 0.5 }))
      expect(error.diagnostic).toMatchObject({ code: 'timeout', cause: undefined })
      expect(await onHost(host, 'pgrep -x sleep || :')).toBe('')
      expect(outText((await shell.frame(['echo on']))[0]!)).toBe('on\n')
      const piece = Buffer.alloc(100_000, '\x03\x04\r\n')
      expect(outText(await open.pour(doas, 'wc -c; wc -l </dev/null', pieces(piece, 30)))).toMatch(/^\s*3000000\n/)
      await open.close()
      await expect.poll(left, { timeout: 5000 }).toBe('')
    })

    const ghost: Identity = { become: 'ghost', method: 'doas' }
    test.each<[string, string, Partial<SshTarget>, Identity, string, RegExp, RegExp | undefined]>([
      ['no password', 'permit pi', {}, doas, 'become-password-missing', /-K.*permit nopass pi/, undefined],
      ['no password, persist', 'permit persist pi', {}, doas, 'become-password-missing', /-K/, undefined],
      [
        'a wrong one',
        'permit pi',
        { becomePassword: wrong },
        doas,
        'become-password-wrong',
        /-K/,
        /^doas: Auth.* failed$/,
      ],
      ['a user who may not', 'permit nopass odd', {}, doas, 'become-failed', /a line in .*doas.conf/, /not permitted/],
      [
        'a user who may not, with a password',
        'permit pi as odd',
        { becomePassword: right },
        doas,
        'become-failed',
        /a line in .*doas.conf/,
        /not permitted/,
      ],
      ['nobody of that name', 'permit nopass pi', {}, ghost, 'become-failed', /create the user/, /unknown user/],
      ['a broken doas.conf', 'permit nopas pi', { becomePassword: right }, doas, 'become-failed', /mend/, /syntax/],
    ])('%s', async (_name, line, more, identity, code, hint, cause) => {
      await permit(line)
      const { diagnostic } = await failureOf(run(target(more), identity, 'id'))
      expect(diagnostic).toMatchObject({ code, host: host.name, hint: expect.stringMatching(hint) })
      if (cause) expect(diagnostic.cause).toMatch(cause)
      expect(JSON.stringify(diagnostic)).not.toMatch(/raspberry|not-the-password|pitool-[0-9a-f]{24}/)
      await expect.poll(left, { timeout: 5000 }).toBe('')
    })
  })

  test('no doas.conf', async () => {
    await onHost(host, 'rm -f /etc/doas.conf')
    const { diagnostic } = await failureOf(run(targetOf(host, { becomePassword: right }), doas, 'id'))
    expect(diagnostic).toMatchObject({ code: 'become-failed', hint: expect.stringContaining('permit nopass') })
  })

  test('no script to make the terminal that doas asks on', async () => {
    await permit('permit pi')
    await onHost(host, 'mv /usr/bin/script /usr/bin/script.away')
    try {
      const { diagnostic } = await failureOf(run(targetOf(host, { becomePassword: right }), doas, 'id'))
      expect(diagnostic).toMatchObject({ code: 'become-failed', hint: expect.stringContaining('install it there') })
    } finally {
      await onHost(host, 'mv /usr/bin/script.away /usr/bin/script')
    }
  })

  test('one that lets in by something else than a password gets no frame', async () => {
    await permit('permit pi')
    await onHost(host, "sed -i.away '1a auth sufficient pam_permit.so' /etc/pam.d/doas")
    try {
      const error = await failureOf(run(targetOf(host, { becomePassword: right }), doas, 'touch /tmp/was-run'))
      expect(error.diagnostic).toMatchObject({
        code: 'become-failed',
        hint: expect.stringContaining('/etc/pam.d/doas'),
      })
      expect(await onHost(host, 'ls /tmp/was-run 2>&1 || :')).toContain('No such file')
    } finally {
      await onHost(host, 'mv /etc/pam.d/doas.away /etc/pam.d/doas')
    }
    await expect.poll(left, { timeout: 5000 }).toBe('')
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
