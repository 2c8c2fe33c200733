import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type LabHost, lab, piPassword } from '../lab/lab.ts'
import { freshHosts, onHost } from './stage/cluster.ts'
import { bundled, countsOf, failureOf, type Played, play, start, story, unbundle } from './stage/pitool.ts'
import { type HostVars, inventoryOf, makeSite, type Site } from './stage/site.ts'

const root = resolve(import.meta.dirname, '../..')
const plain = ['wi-gate', 'wi-a', 'wi-b'] as const
const fresh = 'wi-new'

let hosts: readonly LabHost[]
beforeAll(async () => {
  await bundled()
  hosts = await freshHosts(plain)
})
afterAll(async () => {
  unbundle()
  await lab.down([...plain, fresh])
})

const look = [{ name: 'Look', hosts: 'wi-a,wi-b', tasks: [{ command: { argv: ['id', '-un'] }, readonly: true }] }]

/** Logins that sshd has let in so far. */
async function logins(host: string): Promise<number> {
  return Number(await onHost(host, 'journalctl -q --no-pager -o cat -t sshd | grep -c Accepted || :'))
}

describe('by the program ssh, through a jump host', () => {
  const name = 'wi-b'
  let site: Site
  beforeAll(() => {
    const tasks = [
      { copy: { dest: '/etc/wi-openssh', content: 'by ssh\n', mode: '0644' }, notify: 'Tell' },
      { command: { argv: ['id', '-un'] }, readonly: true, become: false },
      { command: { argv: ['sleep', '1234'] }, when: 'slow' },
    ]
    const handlers = [{ name: 'Tell', command: { argv: ['touch', '/run/wi-told'] } }]
    const vars = { connection: 'openssh', jump: 'wi-gate', slow: false }
    site = makeSite({
      'playbooks/site.yml': [{ name: 'Write', hosts: name, become: true, tasks, handlers }],
      'inventory/hosts.yml': inventoryOf(hosts, { hosts: { [name]: vars } }),
    })
  })
  afterAll(() => site?.remove())
  beforeEach(() => void vi.stubEnv('XDG_RUNTIME_DIR', site.path))
  afterEach(() => void vi.unstubAllEnvs())
  /** Whatever of ssh is still here: processes and folders. */
  const left = () => [
    spawnSync('pgrep', ['-f', `${site.path}/pitool-ssh-`]).stdout.toString(),
    readdirSync(site.path).filter(entry => entry.startsWith('pitool-ssh-')),
  ]

  test('check, run, and nothing to do the second time', async () => {
    const checked = await play(site.path, '--check')
    expect(checked.code, story(checked)).toBe(0)
    expect(countsOf(checked, name)).toMatchObject({ ok: 3, changed: 2 })
    expect(await onHost(name, 'ls /etc/wi-openssh /run/wi-told 2>&1 || :')).toMatch(/^(.*No such file.*\n){2}$/)
    const first = await play(site.path)
    expect(countsOf(first, name), story(first)).toMatchObject({ changed: 2, failed: 0 })
    expect(await onHost(name, 'cat /etc/wi-openssh; ls /run/wi-told')).toBe('by ssh\n/run/wi-told\n')
    const second = await play(site.path)
    expect(countsOf(second, name), story(second)).toMatchObject({ changed: 0, failed: 0 })
    expect(second.end?.roundTrips[name]).toBeLessThan(4)
    expect(left()).toEqual(['', []])
  })

  test('Ctrl-C twice ends what runs there, and leaves no ssh', async () => {
    const running = start(site.path, ['play', '-e', '{"slow":true}'])
    await expect.poll(() => onHost(name, 'pgrep -x sleep || :'), { timeout: 20_000 }).not.toBe('')
    running.child.kill('SIGINT')
    await new Promise(resolve => setTimeout(resolve, 500))
    running.child.kill('SIGINT')
    const ran = await running.done
    expect(ran.code).toBe(130)
    expect(await onHost(name, 'pgrep -x sleep || :')).toBe('')
    expect(left()).toEqual(['', []])
  })
})

describe('root by doas, which asks for a password', () => {
  const name = 'wi-a'
  const withPassword = ['--become-password-file', 'password']
  let site: Site
  beforeAll(async () => {
    await onHost(name, 'apt-get -q update && apt-get -qy install opendoas && echo permit persist pi >/etc/doas.conf')
    const own = { copy: { dest: '/tmp/wi-own', content: 'mine\n', mode: '0644' }, become: false }
    const tasks = [
      own,
      { copy: { dest: '/etc/wi-doas', content: 'by doas\n', mode: '0600' }, notify: 'Tell' },
      // Whose home is not theirs to write to.
      { copy: { dest: '/tmp/wi-www', content: 'theirs\n', mode: '0644' }, become_user: 'www-data' },
    ]
    const handlers = [{ name: 'Tell', command: { argv: ['touch', '/run/wi-doas'] } }]
    site = makeSite({
      'playbooks/site.yml': [{ name: 'Write', hosts: name, become: true, become_method: 'doas', tasks, handlers }],
      'inventory/hosts.yml': inventoryOf(hosts),
    })
    site.write('password', `${piPassword}\n`, 0o600)
    site.write('wrong', 'not-the-password\n', 0o600)
  })
  afterAll(() => site?.remove())
  const changed = () => onHost(name, 'ls /tmp/wi-own /etc/wi-doas /run/wi-doas /tmp/wi-www 2>/dev/null || :')

  test.each<[string, readonly string[], string]>([
    ['no password', [], 'become-password-missing'],
    ['a wrong one', ['--become-password-file', 'wrong'], 'become-password-wrong'],
  ])('%s: told by check and run before anything is changed', async (_, args, code) => {
    for (const mode of [['--check'], []]) {
      const ran = await play(site.path, ...args, ...mode)
      expect(failureOf(ran, name), story(ran)).toMatchObject({
        code,
        hint: expect.stringContaining('-K'),
      })
      expect(ran.stdout + ran.stderr).not.toContain('not-the-password')
      expect(await changed()).toBe('')
    }
  })

  test('check, run, and nothing to do the second time; the password is nowhere', async () => {
    const checked = await play(site.path, '--check', ...withPassword)
    expect(checked.code, story(checked)).toBe(0)
    expect(await changed()).toBe('')
    const first = await play(site.path, ...withPassword)
    expect(first.code, story(first)).toBe(0)
    expect(countsOf(first, name)).toMatchObject({ changed: countsOf(checked, name).changed, failed: 0 })
    expect(await changed()).toBe('/etc/wi-doas\n/run/wi-doas\n/tmp/wi-own\n/tmp/wi-www\n')
    expect(await onHost(name, "stat -c '%U %n' /tmp/wi-www; stat -c '%a %U' /var/tmp/pitool-33")).toBe(
      'www-data /tmp/wi-www\n700 www-data\n',
    )
    const second = await play(site.path, ...withPassword)
    expect(countsOf(second, name), story(second)).toMatchObject({ changed: 0, failed: 0 })
    const journal = await onHost(name, 'journalctl -q --no-pager -o json --all')
    expect(journal).toContain('doas')
    for (const text of [checked.stdout, first.stdout, first.stderr, second.stdout, journal]) {
      expect(text).not.toContain(piPassword)
    }
  })
})

test.each([
  ['somebody else made', 'install -d -m 0777 -o pi'],
  ['is a link', 'ln -s /srv'],
])('notes are not kept in a folder for them that %s', async (_, make) => {
  await onHost('wi-a', `rm -rf /var/tmp/pitool-33 /tmp/wi-www; ${make} /var/tmp/pitool-33`)
  const task = { copy: { dest: '/tmp/wi-www', content: 'theirs\n', mode: '0644' } }
  const site = makeSite({
    'playbooks/site.yml': [{ hosts: 'wi-a', become: true, become_user: 'www-data', tasks: [task] }],
    'inventory/hosts.yml': inventoryOf(hosts),
  })
  const ran = await play(site.path)
  site.remove()
  expect(failureOf(ran, 'wi-a'), story(ran)).toMatchObject({
    code: 'permission-denied',
    hint: expect.stringContaining('remove it'),
  })
  expect(await onHost('wi-a', 'ls /tmp/wi-www /srv/.cache 2>/dev/null || :; rm -rf /var/tmp/pitool-33')).toBe('')
})

describe('hosts that only a jump host reaches', () => {
  let site: Site
  beforeAll(async () => {
    // Their answers to this machine go nowhere; the jump host is their neighbour.
    const [here] = hosts[0]!.address.match(/^.*\./)!
    for (const name of ['wi-a', 'wi-b']) await onHost(name, `ip route add blackhole ${here}1/32`)
    site = makeSite({ 'playbooks/site.yml': look })
  })
  afterAll(() => site?.remove())

  const over = (vars: HostVars, ...args: readonly string[]): Promise<Played> => {
    const both = { 'wi-a': vars, 'wi-b': vars }
    site.write('inventory/hosts.yml', JSON.stringify(inventoryOf(hosts, { hosts: both })))
    return play(site.path, ...args)
  }
  const gate = () => hosts[0]!.address

  test('are out of reach without it', async () => {
    const ran = await over({}, '--timeout', '2')
    expect(failureOf(ran, 'wi-a')).toMatchObject({ code: 'unreachable', hint: expect.stringContaining('firewall') })
  })

  test.each<[string, () => HostVars]>([
    ['by its name in the inventory', () => ({ jump: 'wi-gate' })],
    ['by its address', () => ({ jump: `pi@${gate()}:22` })],
    ['by the program ssh', () => ({ jump: 'wi-gate', connection: 'openssh' })],
    ['by options for ssh', () => ({ ansible_ssh_common_args: `-o ProxyJump=pi@${gate()}` })],
  ])('%s: one login there for both', async (_, vars) => {
    const before = await logins('wi-gate')
    const ran = await over(vars())
    expect(ran.code, story(ran)).toBe(0)
    for (const name of ['wi-a', 'wi-b']) expect(countsOf(ran, name)).toMatchObject({ ok: 1, unreachable: false })
    expect((await logins('wi-gate')) - before).toBe(1)
  })

  test('by a ProxyCommand', async () => {
    const options = `-i ${lab.keyFile} -o UserKnownHostsFile=${lab.knownHostsFile} -o BatchMode=yes`
    const ran = await over({
      ansible_ssh_common_args: `-o ProxyCommand="ssh -F none ${options} -W %h:%p pi@${gate()}"`,
    })
    expect(ran.code, story(ran)).toBe(0)
  })

  test('a jump host that is off is named', async () => {
    await lab.stop('wi-gate')
    const ran = await over({ jump: 'wi-gate' }, '--timeout', '3')
    const failure = failureOf(ran, 'wi-a')
    expect(failure).toMatchObject({ code: 'unreachable', host: 'wi-a' })
    expect(failure?.message).toMatch(/^wi-a is reached through wi-gate: wi-gate /)
  })
})

describe('the first contact with a machine that knows only a password', () => {
  let site: Site
  let host: LabHost
  const asked = ['--connection-password-file', 'password', '--become-password-file', 'password']
  const bootstrap = (...args: readonly string[]) => play(site.path, 'playbooks/bootstrap.yml', ...args)
  beforeAll(async () => {
    host = (await lab.up(1, { names: [fresh], key: false, sudoPassword: true }))[0]!
    await lab.reset([fresh])
    site = makeSite()
    site.write('password', `${piPassword}\n`, 0o600)
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'me', '-f', join(site.path, 'id')])
    cpSync(join(root, 'playbooks/bootstrap.yml'), join(site.path, 'playbooks/bootstrap.yml'), { recursive: true })
    const key = readFileSync(join(site.path, 'id.pub'), 'utf8').trim()
    const vars = { user: 'pi', private_key_file: 'id', known_hosts_file: 'known', ssh_public_keys: [key] }
    site.write('inventory/hosts.yml', JSON.stringify({ all: { vars, hosts: { [fresh]: { host: host.address } } } }))
  })
  afterAll(() => site?.remove())

  test('a password once, then the key: 0 changed', async () => {
    const first = await bootstrap(...asked, '--accept-new')
    expect(first.code, story(first)).toBe(0)
    expect(countsOf(first, fresh)).toMatchObject({ changed: 1 })
    const second = await bootstrap('--become-password-file', 'password')
    expect(second.code, story(second)).toBe(0)
    expect(countsOf(second, fresh)).toMatchObject({ changed: 0 })
  })

  test('sudo without a password where that is wished; passwords stay as long as one was used', async () => {
    const wish = ['-e', '{"bootstrap_passwordless_sudo":true,"bootstrap_keys_only":true}']
    // Only the password opens the door to this run: it has no key.
    const first = await bootstrap(...asked, ...wish, '-e', `ansible_ssh_private_key_file=${site.path}/password`)
    expect(first.code, story(first)).toBe(0)
    expect(countsOf(first, fresh)).toMatchObject({ changed: 1 })
    expect(await onHost(fresh, 'cat /etc/sudoers.d/010_pitool-nopasswd; sshd -T | grep ^passworda')).toBe(
      'pi ALL=(ALL:ALL) NOPASSWD: ALL\npasswordauthentication yes\n',
    )
    const second = await bootstrap(...wish)
    expect(second.code, story(second)).toBe(0)
    expect(await onHost(fresh, 'sshd -T | grep ^passworda')).toBe('passwordauthentication no\n')
    const third = await bootstrap(...wish)
    expect(third.code, story(third)).toBe(0)
    expect(countsOf(third, fresh)).toMatchObject({ changed: 0 })
    const closed = await bootstrap(...asked, '-e', `ansible_ssh_private_key_file=${site.path}/password`)
    expect(failureOf(closed, fresh)).toMatchObject({ code: expect.stringMatching(/auth-failed|key-unusable/) })
  })
})
