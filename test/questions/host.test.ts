import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Command } from '../../src/core/command.ts'
import { Failure } from '../../src/core/diagnostic.ts'
import { Secret } from '../../src/core/secret.ts'
import type { Section } from '../../src/core/section.ts'
import { groupState, userState } from '../../src/questions/account.ts'
import { aptListsKind } from '../../src/questions/apt.ts'
import { addresses, defaultIpv4, osRelease } from '../../src/questions/facts/read.ts'
import { factNames, facts } from '../../src/questions/facts.ts'
import { hostnameState } from '../../src/questions/hostname.ts'
import { questionKinds } from '../../src/questions/index.ts'
import { listening } from '../../src/questions/listening.ts'
import { packages } from '../../src/questions/package.ts'
import { runReadonly } from '../../src/questions/run.ts'
import { sysctlValue } from '../../src/questions/sysctl.ts'
import { unit } from '../../src/questions/unit.ts'
import { unitStaleKind } from '../../src/questions/unit-stale.ts'
import { ask } from '../changes/law.ts'
import { runScript, shells } from './shells.ts'

const said = (stdout: string, more: Partial<Section> = {}): Section => ({
  stdout: Buffer.from(stdout),
  stderr: Buffer.from(''),
  code: 0,
  truncated: false,
  ...more,
})

describe.each(shells.map(shell => ({ shell, name: shell.join(' ') })))('in $name', ({ shell }) => {
  it('accounts', () => {
    expect(ask(shell, userState('root'))).toMatchObject({ exists: true, uid: 0, group: 'root', home: '/root' })
    expect(ask(shell, userState('nosuchuser'))).toEqual({ name: 'nosuchuser', exists: false })
    expect(ask(shell, groupState('root'))).toMatchObject({ exists: true, gid: 0 })
    expect(ask(shell, groupState('nosuchgroup'))).toEqual({ name: 'nosuchgroup', exists: false })
    const { password } = ask(shell, userState('root', { password: true }))
    expect(password === undefined || password instanceof Secret).toBe(true)
  })

  it('kernel parameters, those of several numbers too', () => {
    expect(ask(shell, sysctlValue('net.ipv4.tcp_rmem'))).toMatch(/^\d+ \d+ \d+$/)
    expect(ask(shell, sysctlValue('no.such.thing'))).toBeNull()
  })

  it('facts', () => {
    const answer = ask(shell, facts(factNames))
    expect(Object.keys(answer).sort()).toEqual([...factNames].sort())
    expect(answer).toMatchObject({
      user_id: 'root',
      memtotal_mb: expect.any(Number),
      root_free_mb: expect.any(Number),
      boot_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      time_epoch: expect.any(Number),
    })
    expect(ask(shell, facts(['kernel', 'no_such_fact']))).toEqual({ kernel: answer.kernel })
  })

  it('hostname and ports', () => {
    expect(ask(shell, hostnameState()).running).not.toBe('')
    expect(ask(shell, listening(1))).toEqual({ listening: false, connections: 0 })
  })

  it.each<[string, Command, object]>([
    ['words as they are', { argv: ['printf', '%s|', 'a b', "it's", '$x', '*'] }, { rc: 0, stdout: "a b|it's|$x|*|" }],
    ['no builtins', { argv: ['exit', '3'] }, { rc: 127 }],
    ['no assignments', { argv: ['A=b'] }, { rc: 127 }],
    ['an exit code', { text: 'echo out; echo err >&2; exit 3' }, { rc: 3, stdout: 'out\n', stderr: 'err\n' }],
    ['a folder', { argv: ['pwd'], chdir: '/usr' }, { rc: 0, stdout: '/usr\n' }],
    ['no such folder', { argv: ['pwd'], chdir: '/no such' }, { rc: -1, stdout: '' }],
    ['input', { argv: ['cat'], stdin: '%s\\n $x' }, { rc: 0, stdout: '%s\\n $x' }],
    ['no input', { argv: ['cat'] }, { rc: 0, stdout: '' }],
    ['a variable', { text: 'echo "$X"', environment: { X: "a 'b'" } }, { rc: 0, stdout: "a 'b'\n" }],
    [
      'a secret text and input',
      { text: new Secret('read x; echo "$x"; exit 4'), stdin: 'in\n' },
      { rc: 4, stdout: 'in\n' },
    ],
    ['a secret text with an error', { text: new Secret('if then') }, { rc: 2, stdout: '' }],
    [
      'a secret text in bash',
      { text: new Secret('echo ${BASH_VERSION:+bash}'), executable: '/bin/bash' },
      { rc: 0, stdout: 'bash\n' },
    ],
    ['what looks like the end', { text: "printf 'a\\000pitool 0 0 0\\000b'; exit 5" }, { rc: 5 }],
  ])('commands: %s', (_, command, wanted) => {
    expect(ask(shell, runReadonly(command))).toMatchObject(wanted)
  })

  it('a secret text is in no argument, while a plain one is', () => {
    const text = 'grep -l kwyjibo-4[2] /proc/[0-9]*/cmdline 2>/dev/null; : kwyjibo-42'
    expect(ask(shell, runReadonly({ text })).stdout).toMatch(/cmdline/)
    expect(ask(shell, runReadonly({ text: new Secret(text) })).stdout).toBe('')
    expect(ask(shell, runReadonly({ text: new Secret(text), executable: '/bin/bash' })).stdout).toBe('')
  })
})

describe('units', () => {
  const block = (more: string) =>
    `LoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\nMainPID=12\n${more}`
  it('are read in the order asked, templates last', () => {
    const template = 'LoadState=loaded\nActiveState=inactive\nSubState=dead\nUnitFileState=enabled\n'
    const text = `${block('NRestarts=2\n')}\nLoadState=not-found\nActiveState=inactive\nUnitFileState=\n\n${template}`
    const [getty, ssh, none] = unit.parse(said(text), ['getty@.service', 'ssh.service', 'none.service'])
    expect(getty).toMatchObject({ name: 'getty@.service', active: 'inactive', enabled: 'enabled' })
    expect(ssh).toMatchObject({ active: 'active', mainPid: 12, restarts: 2 })
    expect(none).toMatchObject({ load: 'not-found', enabled: '' })
  })
  it('one that is missing is garbage', () => {
    expect(() => unit.parse(said(block('')), ['a.service', 'b.service'])).toThrow(Failure)
    expect(() => unit.parse(said('Last login: today\n'), ['a.service'])).toThrow(Failure)
  })
  it('need systemd', () => {
    const section = said('', { code: 3, stderr: Buffer.from('no-systemd\n') })
    expect(() => unit.parse(section, ['a.service'])).toThrow(/systemd is not running/)
    expect(() => unitStaleKind.parse(section, [''])).toThrow(/systemd is not running/)
  })
})

describe('packages', () => {
  const installed = 'curl\tamd64\t7.88\tinstall ok installed\t\n'
  it.each([
    ['curl', installed, '', { installed: true, version: '7.88', held: false }],
    ['curl:amd64', installed, '', { installed: true }],
    ['curl:arm64', installed, '', { installed: false }],
    ['curl', 'curl\tamd64\t7.88\thold ok installed\t\n', '', { installed: true, held: true }],
    ['curl', 'curl\tamd64\t7.88\tdeinstall ok config-files\t\n', '', { installed: false, configLeft: true }],
    ['curl', 'curl\tamd64\t7.88\tinstall ok half-configured\t\n', '', { installed: false, broken: true }],
    ['awk', '', 'mawk\tamd64\t1\tinstall ok installed\tawk\n', { installed: false, providedBy: 'mawk' }],
    ['mta', '', 'x\tamd64\t1\tinstall ok installed\tsmtp, mta (= 1)\n', { providedBy: 'x' }],
    ['nix', '', '', { installed: false }],
  ])('%s', (name, own, all, wanted) => {
    expect(packages.parse(said(`${own.trimEnd()}\0${all}\0`), [name])[0]).toMatchObject(wanted)
  })
  it('need dpkg', () => {
    expect(() => packages.parse(said('', { code: 3, stderr: Buffer.from('no-dpkg\n') }), ['x'])).toThrow(/no dpkg/)
  })
})

describe.each(shells.map(shell => ({ shell, name: shell.join(' ') })))("apt's own folders, in $name", ({ shell }) => {
  const folder = mkdtempSync(join(tmpdir(), 'pitool-apt-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('lists have an age without the stamp of periodic updates', () => {
    const script = aptListsKind.sh([null]).replaceAll('/var/lib/apt', folder)
    const age = () => aptListsKind.parse(runScript(shell, script), [null])[0]!.age
    expect(age()).toBeUndefined()
    mkdirSync(join(folder, 'lists/partial'), { recursive: true })
    writeFileSync(join(folder, 'lists/deb_main_Packages'), '')
    expect(age()).toBeLessThan(60)
  })

  it.skipIf(spawnSync('dpkg-query', ['--version']).status !== 0)(
    'what is provided is found, and only where somebody does',
    () => {
      const status = (name: string, more: string) =>
        `Package: ${name}\nStatus: install ok installed\nMaintainer: x\nArchitecture: all\nVersion: 1\n${more}Description: x\n\n`
      const path = join(folder, 'status')
      const script = packages.sh(['mta', 'mt+a', 'plain'])
      const seen = () =>
        packages.parse(runScript(shell, script, { env: { DPKG_ADMINDIR: folder } }), ['mta', 'mt+a', 'plain'])
      writeFileSync(path, status('plain', '') + status('x', 'Provides: smtp, mta (= 1)\n'))
      expect(seen()).toMatchObject([{ providedBy: 'x' }, { installed: false }, { installed: true }])
      writeFileSync(path, status('plain', ''))
      expect(seen()[0]).not.toHaveProperty('providedBy')
    },
  )
})

describe('what facts are read from', () => {
  const shown = `1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever
2: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0\\
2: eth0    inet6 fe80::1/64 scope link \\
3: wg0@if2    inet 10.0.0.2 peer 10.0.0.1/32 scope global wg0\\
`
  it('addresses', () => {
    expect(addresses(shown).map(one => [one.interface, one.address, one.prefix])).toEqual([
      ['lo', '127.0.0.1', 8],
      ['eth0', '192.0.2.2', 24],
      ['eth0', 'fe80::1', 64],
      ['wg0', '10.0.0.2', 32],
    ])
  })
  it('the way out of the lowest metric', () => {
    const routes =
      'default via 198.51.100.1 dev wlan0 metric 600\ndefault via 192.0.2.1 dev eth0 proto dhcp src 192.0.2.2 metric 100\n'
    expect(defaultIpv4(routes, addresses(shown))).toEqual({
      interface: 'eth0',
      gateway: '192.0.2.1',
      address: '192.0.2.2',
      prefix: '24',
    })
    expect(defaultIpv4('', [])).toEqual({})
  })
  it('os-release with its quotes', () => {
    const map = osRelease('ID=debian\nNAME="De\\"bian"\nVERSION_ID=\'12\'\n# x\n')
    expect([map.get('ID'), map.get('NAME'), map.get('VERSION_ID')]).toEqual(['debian', 'De"bian', '12'])
  })
})

it('each kind stands once in the list', () => {
  const names = questionKinds.map(({ kind }) => kind)
  expect(new Set(names).size).toBe(names.length)
})
