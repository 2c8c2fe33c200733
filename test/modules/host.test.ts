import { describe, expect, it } from 'vitest'
import type { UserSet } from '../../src/changes/user-set.ts'
import type { Plan } from '../../src/core/module.ts'
import { Secret } from '../../src/core/secret.ts'
import { apt } from '../../src/modules/apt.ts'
import { command } from '../../src/modules/command.ts'
import { group } from '../../src/modules/group.ts'
import { hostname } from '../../src/modules/hostname.ts'
import { shell } from '../../src/modules/shell.ts'
import { sysctl } from '../../src/modules/sysctl.ts'
import { systemd } from '../../src/modules/systemd.ts'
import { user } from '../../src/modules/user.ts'
import { waitFor } from '../../src/modules/wait_for.ts'
import { type GroupAnswer, groupState, type UserAnswer, userState } from '../../src/questions/account.ts'
import { aptCandidate, aptLists } from '../../src/questions/apt.ts'
import { type FileAnswer, fileStat, fileText } from '../../src/questions/file.ts'
import { fileTree, type TreeEntry } from '../../src/questions/file-tree.ts'
import { hostnameState } from '../../src/questions/hostname.ts'
import { listening } from '../../src/questions/listening.ts'
import { type PackageAnswer, packageState } from '../../src/questions/package.ts'
import { runReadonly } from '../../src/questions/run.ts'
import { sysctlValue } from '../../src/questions/sysctl.ts'
import { type UnitAnswer, unitState } from '../../src/questions/unit.ts'
import { unitStale } from '../../src/questions/unit-stale.ts'
import { lookWith, planWith, says } from './plan-with.ts'

const unit = (more: Partial<UnitAnswer> = {}): UnitAnswer => ({
  name: 'x.service',
  load: 'loaded',
  active: 'active',
  sub: 'running',
  enabled: 'enabled',
  masked: false,
  mainPid: 7,
  startedMonotonic: 1,
  execMainStartTimestamp: '',
  restarts: 0,
  result: 'success',
  needDaemonReload: false,
  fragmentPath: '/etc/systemd/system/x.service',
  ...more,
})
const gone = { load: 'not-found', active: 'inactive', enabled: '' }

/** The one change without what is only shown; 'nothing', or the code it fails with. */
function outcome(plan: Plan): unknown {
  if (plan.failed) return plan.failed.code
  if (plan.changes.length === 0) return 'nothing'
  const { kind: _, name: __, before: ___, ...rest } = plan.changes[0] as unknown as { readonly [name: string]: unknown }
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined && value !== false))
}

describe('systemd', () => {
  it.each([
    ['running already', {}, { state: 'started' }, 'nothing'],
    ['stopped', { active: 'inactive' }, { state: 'started' }, { state: 'started' }],
    ['failed', { active: 'failed' }, { state: 'started' }, { state: 'started' }],
    ['failed is stopped', { active: 'failed' }, { state: 'stopped' }, 'nothing'],
    ['always restarted', {}, { state: 'restarted' }, { state: 'restarted' }],
    ['enabled only until the next boot', { enabled: 'enabled-runtime' }, { enabled: true }, { enabled: true }],
    ['static cannot be enabled', { enabled: 'static' }, { enabled: true }, 'nothing'],
    ['disabled', { enabled: 'disabled' }, { enabled: true, state: 'started' }, { enabled: true }],
    ['not there', gone, { state: 'started' }, 'not-found'],
    ['not there is stopped and disabled', gone, { state: 'stopped', enabled: false }, 'nothing'],
    ['masked', { load: 'masked', masked: true, enabled: 'masked' }, { state: 'started' }, 'refused'],
    [
      'masked is stopped',
      { load: 'masked', masked: true, active: 'inactive', enabled: 'masked' },
      { state: 'stopped', enabled: false },
      'nothing',
    ],
    [
      'unmasked',
      { load: 'masked', masked: true, active: 'inactive', enabled: 'masked' },
      { masked: false, state: 'started', enabled: true },
      { enabled: true, state: 'started' },
    ],
    ['masked, so that none starts it', gone, { masked: true }, { masked: true }],
  ] as const)('%s', (_, seen, wish, wanted) => {
    const answers = [says(unitState('x'), unit(seen))]
    expect(outcome(planWith(systemd, { name: 'x', ...wish }, answers))).toEqual(wanted)
  })

  it.each([
    [true, { daemonReload: true }],
    [false, 'nothing'],
  ])('daemon_reload when its files are newer: %s', (stale, wanted) => {
    const answers = [says(unitState('x'), unit()), says(unitStale('x'), stale), says(unitStale(''), stale)]
    expect(outcome(planWith(systemd, { name: 'x', daemon_reload: true, state: 'started' }, answers))).toEqual(wanted)
    expect(outcome(planWith(systemd, { daemon_reload: true }, answers))).toEqual(wanted)
  })
})

describe('apt', () => {
  const pkg = (name: string, more: Partial<PackageAnswer> = {}) =>
    says(packageState(name), { name, installed: false, held: false, configLeft: false, broken: false, ...more })
  const fresh = says(aptLists(), { age: 60 })
  const old = says(aptLists(), { age: 90_000 })
  const names = (plan: Plan) => {
    const change = plan.changes[0] as { names?: readonly string[]; updateCache?: boolean } | undefined
    return plan.failed?.code ?? (change ? [change.names, change.updateCache ?? false] : 'nothing')
  }
  it.each([
    ['installed', { name: 'curl' }, [fresh, pkg('curl', { installed: true, version: '1' })], 'nothing'],
    [
      'missing',
      { name: 'curl, git' },
      [fresh, pkg('curl', { installed: true, version: '1' }), pkg('git')],
      [['git'], false],
    ],
    ['missing, the lists old', { name: ['git'], update_cache: true }, [old, pkg('git')], [['git'], true]],
    [
      'installed, the lists old',
      { name: ['git'], update_cache: true },
      [old, pkg('git', { installed: true })],
      'nothing',
    ],
    ['provided by another', { name: 'awk' }, [fresh, pkg('awk', { providedBy: 'mawk' })], 'nothing'],
    [
      'another version',
      { name: 'curl=2' },
      [fresh, pkg('curl', { installed: true, version: '1' })],
      [['curl=2'], false],
    ],
    [
      'a version by its beginning',
      { name: 'curl=1.*' },
      [fresh, pkg('curl', { installed: true, version: '1.5-2' })],
      'nothing',
    ],
    ['cut off', { name: 'curl' }, [fresh, pkg('curl', { broken: true })], [['curl'], false]],
    ['absent', { name: 'curl', state: 'absent' }, [fresh, pkg('curl')], 'nothing'],
    [
      'purged',
      { name: 'curl', state: 'absent', purge: true },
      [fresh, pkg('curl', { configLeft: true })],
      [['curl'], false],
    ],
    [
      'latest',
      { name: 'curl', state: 'latest' },
      [
        fresh,
        pkg('curl', { installed: true, version: '1' }),
        says(aptCandidate('curl'), { name: 'curl', candidate: '2' }),
      ],
      [['curl'], false],
    ],
    [
      'latest, held',
      { name: 'curl', state: 'latest' },
      [
        fresh,
        pkg('curl', { installed: true, version: '1', held: true }),
        says(aptCandidate('curl'), { name: 'curl', candidate: '2' }),
      ],
      'nothing',
    ],
    ['only the lists, fresh', { update_cache: true }, [fresh], 'nothing'],
    ['only the lists, old', { update_cache: true }, [old], [[], true]],
    ['no name at all', { name: '--help' }, [], 'wrong-value'],
  ] as const)('%s', (_, args, answers, wanted) => {
    expect(names(planWith(apt, args as never, answers as never))).toEqual(wanted)
  })
})

describe('user and group', () => {
  const pi: UserAnswer = {
    name: 'pi',
    exists: true,
    uid: 1000,
    gid: 1000,
    group: 'pi',
    groups: ['adm', 'sudo'],
    home: '/home/pi',
    shell: '/bin/sh',
    comment: '',
  }
  const entry = (path: string) => ({ path, type: 'file', mode: '0644', owner: 'root', group: 'root', uid: 0, gid: 0 })
  const skel = says(
    fileTree('/etc/skel'),
    ['/etc/skel', '/etc/skel/.bashrc', '/etc/skel/a/b'].map(entry) as TreeEntry[],
  )
  const homeThere = says(fileStat('/home/pi'), { type: 'directory', owner: 'pi' } as FileAnswer)
  const homeMissing = says(fileStat('/home/pi'), { type: 'absent', real: '/srv/home/pi' } as FileAnswer)
  const groups = ['sudo', 'video'].map(name => says(groupState(name), { name, exists: true, gid: 9 } as GroupAnswer))
  it.each([
    ['as it is', { shell: '/bin/sh', groups: ['sudo', 'adm'] }, 'nothing'],
    ['another shell', { shell: '/bin/bash' }, { action: 'change', shell: '/bin/bash' }],
    ['exactly these groups', { groups: ['sudo'] }, { action: 'change', groups: ['sudo'] }],
    ['these groups too', { groups: ['video'], append: true }, { action: 'change', groups: ['adm', 'sudo', 'video'] }],
    ['a group it has', { groups: ['sudo'], append: true }, 'nothing'],
    ['gone', { state: 'absent', remove: true }, { action: 'remove', removeHome: true, leaves: '/home/pi' }],
    ['no group of that name', { groups: ['nope'] }, 'not-found'],
    ['a password that is no hash', { password: 'hunter2hunter2' }, 'wrong-value'],
    ['the same hash', { password: new Secret('$6$x$y') }, 'nothing'],
    ['the hash set once', { password: new Secret('$6$x$z'), update_password: 'on_create' }, 'nothing'],
  ] as const)('%s', (_, args, wanted) => {
    const nope = says(groupState('nope'), { name: 'nope', exists: false })
    const adm = says(groupState('adm'), { name: 'adm', exists: true })
    const hashed = says(userState('pi', { password: true }), { ...pi, password: new Secret('$6$x$y') })
    const answers = [says(userState('pi'), pi), hashed, nope, adm, ...groups, homeThere]
    expect(outcome(planWith(user, { name: 'pi', ...args }, answers))).toEqual(wanted)
  })

  it.each([
    ['made anew', 'add', {}, { action: 'add', uid: 1000, createHome: true }],
    ['altered in all that is wished', 'change', { shell: '/bin/sh' }, { action: 'change', shell: '/bin/sh' }],
    ['removed', 'add', { state: 'absent' }, { action: 'remove' }],
  ] as const)('what was cut short is %s', (_, action, args, wanted) => {
    const unfinished = { action }
    const plan = planWith(user, { name: 'pi', ...args }, [
      says(userState('pi'), { ...pi, unfinished }),
      homeThere,
      skel,
    ])
    expect(outcome(plan)).toEqual({ ...wanted, unfinished })
  })

  it.each([
    [
      'is made where it is missing, with what the skeleton holds',
      {},
      homeMissing,
      { path: '/srv/home/pi', holds: ['.bashrc', 'a/b'] },
    ],
    ['that is there stays', {}, homeThere, undefined],
    ['is not made where that is not wished', { create_home: false }, homeMissing, undefined],
  ] as const)('a home %s', (_, args, home, made) => {
    const nobody = says(userState('pi'), { name: 'pi', exists: false })
    const [change] = planWith(user, { name: 'pi', ...args }, [nobody, home, skel]).changes
    expect((change as UserSet).made).toEqual(made)
  })

  it('what was cut short while it was removed goes whole, though the first of the bases has it no more', () => {
    const unfinished = { action: 'remove', uid: 1000, home: '/home/pi' } as const
    const answers = [says(userState('pi'), { name: 'pi', exists: false, unfinished })]
    const plan = planWith(user, { name: 'pi', state: 'absent' }, answers)
    expect(outcome(plan)).toEqual({ action: 'remove', unfinished })
  })

  it('where nothing can alter accounts, what is as wished is left alone and the rest is refused', () => {
    const fixed = (exists: boolean) => [
      says(groupState('g'), { name: 'g', exists, gid: 5, fixed: true }),
      says(userState('pi'), { ...pi, exists, fixed: true }),
      homeThere,
      skel,
    ]
    expect(outcome(planWith(group, { name: 'g', gid: 5 }, fixed(true)))).toBe('nothing')
    expect(outcome(planWith(user, { name: 'pi' }, fixed(true)))).toBe('nothing')
    for (const plan of [
      planWith(group, { name: 'g', gid: 6 }, fixed(true)),
      planWith(group, { name: 'g', gid: 6 }, fixed(false)),
      planWith(group, { name: 'g', state: 'absent' }, fixed(true)),
      planWith(user, { name: 'pi' }, fixed(false)),
      planWith(user, { name: 'pi', shell: '/bin/none' }, fixed(true)),
    ]) {
      expect(plan.failed?.code).toBe('unsupported')
      expect(plan.changes).toEqual([])
    }
  })
  it('a group is made, renumbered, removed', () => {
    const seen = (more: Partial<GroupAnswer>) => [says(groupState('g'), { name: 'g', exists: true, gid: 5, ...more })]
    expect(outcome(planWith(group, { name: 'g' }, seen({})))).toBe('nothing')
    expect(outcome(planWith(group, { name: 'g', gid: 6 }, seen({})))).toEqual({ action: 'change', gid: 6 })
    expect(outcome(planWith(group, { name: 'g', system: true }, seen({ exists: false })))).toEqual({
      action: 'add',
      system: true,
    })
    expect(outcome(planWith(group, { name: 'g', state: 'absent' }, seen({})))).toEqual({ action: 'remove' })
  })
})

const file = (path: string, text?: string): FileAnswer => ({
  path,
  real: path,
  type: text === undefined ? 'absent' : 'file',
  ...(text === undefined
    ? {}
    : { text, bytes: Buffer.from(text), digest: 'd'.repeat(64), mode: '0644', owner: 'root', group: 'root' }),
  parent: { type: 'directory', real: '/etc', missing: [] },
})

describe('hostname', () => {
  const preserve = '/etc/cloud/cloud.cfg.d/99-pitool-hostname.cfg'
  it.each([
    ['as it is', {}, '127.0.1.1\tpi\n', []],
    ['another name', { static: 'old', running: 'old' }, '127.0.1.1\told\n', ['file.write', 'hostname.set']],
    ['only until the next boot', { static: 'old' }, '127.0.1.1\tpi\n', ['hostname.set']],
    ['cloud-init would set it again', { cloudInit: true }, '127.0.1.1\tpi\n', ['file.write']],
  ])('%s', (_, state, hosts, kinds) => {
    const plan = planWith(hostname, { name: 'pi' }, [
      says(hostnameState(), { static: 'pi', running: 'pi', cloudInit: false, managedHosts: false, ...state }),
      says(fileText('/etc/hosts'), file('/etc/hosts', hosts)),
      says(fileText(preserve), file(preserve)),
    ])
    expect(plan.changes.map(change => change.kind)).toEqual(kinds)
  })
})

describe('sysctl', () => {
  const path = '/etc/sysctl.d/99-pitool.conf'
  it.each([
    ['right on disk and now', 'a.b = 1\n', '1', []],
    ['right on disk only', 'a.b = 1\n', '0', ['sysctl.set']],
    ['right now only', undefined, '1', ['file.write']],
    ['neither', undefined, '0', ['file.write', 'sysctl.set']],
  ])('%s', (_, text, now, kinds) => {
    const answers = [says(fileText(path), file(path, text)), says(sysctlValue('a.b'), now)]
    expect(planWith(sysctl, { name: 'a.b', value: 1 }, answers).changes.map(change => change.kind)).toEqual(kinds)
  })
})

describe('command and shell', () => {
  const there = says(fileStat('/opt/done'), file('/opt/done', ''))
  const missing = says(fileStat('/opt/done'), file('/opt/done'))
  it.each([
    ['run', { cmd: 'a "b c"' }, [], { command: { argv: ['a', 'b c'] } }],
    ['made already', { cmd: 'a', creates: 'done', chdir: '/opt/' }, [there], 'nothing'],
    ['not made yet', { cmd: 'a', creates: '/opt/done' }, [missing], { command: { argv: ['a'] }, guarded: true }],
    ['removed already', { cmd: 'a', removes: '/opt/done' }, [missing], 'nothing'],
    ['a secret among the arguments', { argv: ['a', new Secret('swordfish')] }, [], 'refused'],
    ['an open quote', { cmd: "a 'b" }, [], 'wrong-value'],
    ['nothing', {}, [], 'wrong-value'],
  ])('%s', (_, args, answers, wanted) => {
    expect(outcome(planWith(command, args, answers))).toEqual(wanted)
  })

  it('readonly is a question, and its exit code counts', () => {
    const answer = (rc: number) => [
      says(runReadonly({ text: 'true' }), { rc, stdout: 'x\n', stderr: '', start: 60, end: 3661 }),
    ]
    const well = planWith(shell, { cmd: 'true', readonly: true }, answer(0))
    expect(well.changes).toEqual([])
    expect(well.result).toMatchObject({ changed: false, rc: 0, stdout: 'x', stdout_lines: ['x'], delta: '1:00:01' })
    expect(planWith(shell, { cmd: 'true', readonly: true }, answer(1))).toMatchObject({
      failed: { code: 'command-failed' },
      result: { rc: 1 },
    })
  })

  it('a non-zero exit of a change fails the task with its values', () => {
    const plan = planWith(shell, { cmd: 'x' }, [])
    expect(plan.later?.from([{ rc: 2, stdout: '' }])).toMatchObject({ failed: true, rc: 2 })
    expect(plan.later?.from([{ rc: 0, stdout: '' }])).toEqual({ rc: 0, msg: '', stdout: '' })
  })
})

describe('wait_for', () => {
  const port = (listens: boolean, connections = 0) => [says(listening(6443), { listening: listens, connections })]
  it.each([
    ['open', { port: 6443 }, port(true), true],
    ['not yet', { port: 6443 }, port(false), false],
    ['closed', { port: 6443, state: 'stopped' }, port(false), true],
    ['still busy', { port: 6443, state: 'drained' }, port(true, 2), false],
    ['a file', { path: '/x' }, [says(fileStat('/x'), file('/x', ''))], true],
    ['a file gone', { path: '/x', state: 'absent' }, [says(fileStat('/x'), file('/x', ''))], false],
    ['a text in it', { path: '/x', search_regex: '^ready' }, [says(fileText('/x'), file('/x', 'a\nready\n'))], true],
    ['before the delay', { port: 6443, delay: 30 }, port(true), false],
  ] as const)('%s', (_, args, answers, done) => {
    const settled = lookWith(planWith(waitFor, args as never, []), {}, answers)
    expect('done' in settled).toBe(done)
  })

  it('fails with what was waited for', () => {
    const plan = planWith(waitFor, { port: 6443, timeout: 9 }, [])
    expect(() => lookWith(plan, { last: true }, port(false))).toThrow(
      'port 6443 of 127.0.0.1 to be open did not come true within 9 s',
    )
  })
})
