import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Module, Plan } from '../../src/core/module.ts'
import { Secret } from '../../src/core/secret.ts'
import { Shadow } from '../../src/core/shadow.ts'
import { Unknown } from '../../src/core/unknown.ts'
import type { Value } from '../../src/core/value.ts'
import { apt } from '../../src/modules/apt.ts'
import { authorizedKey } from '../../src/modules/authorized_key.ts'
import { command } from '../../src/modules/command.ts'
import { copy } from '../../src/modules/copy.ts'
import { group } from '../../src/modules/group.ts'
import { hostname } from '../../src/modules/hostname.ts'
import { sysctl } from '../../src/modules/sysctl.ts'
import { systemd } from '../../src/modules/systemd.ts'
import { user } from '../../src/modules/user.ts'
import { fileText } from '../../src/questions/file.ts'
import { unitState } from '../../src/questions/unit.ts'
import { ask, kindOf } from '../changes/law.ts'
import { lab } from '../lab/lab.ts'
import { carryAll, planReal } from '../modules/real.ts'

const host = 'modules-1'
const shell = lab.shell(host)

beforeAll(async () => {
  await lab.up(1, { names: [host] })
  await lab.reset([host])
})
afterAll(() => lab.down([host]))

const hash = new Secret(
  '$6$saltsalt$abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./ABCDEFGHIJ',
)
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAbcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP me@here'
const service = (text: string) =>
  `[Unit]\nDescription=${text}\n[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n`
const path = '/etc/systemd/system/nap.service'

interface Step {
  readonly name: string
  readonly module: Module<never>
  readonly args: { readonly [name: string]: Value }
  /** It fails with this code, or has nothing to do. */
  readonly outcome?: string
  /** What it may bring cannot be foretold. */
  readonly opaque?: boolean
}

// In this order, each on what the ones before have left.
const steps = [
  { name: 'a group', module: group, args: { name: 'makers', gid: 4242 } },
  {
    name: 'a user',
    module: user,
    args: { name: 'ada', groups: ['makers', 'sudo'], shell: '/bin/bash', comment: 'Ada L.', password: hash },
  },
  { name: 'its group gone and a shell', module: user, args: { name: 'ada', groups: ['makers'], shell: '/bin/sh' } },
  { name: 'another group too', module: user, args: { name: 'ada', groups: ['adm'], append: true } },
  { name: 'a key of its', module: authorizedKey, args: { user: 'ada', key } },
  {
    name: 'a file of its',
    module: copy,
    args: { dest: '/home/ada/note', content: 'hi\n', owner: 'ada', group: 'makers', mode: '0640' },
  },
  { name: 'a hostname', module: hostname, args: { name: 'pi-new' } },
  { name: 'a kernel parameter', module: sysctl, args: { name: 'net.ipv4.ip_forward', value: '1' } },
  { name: 'one that is not there', module: sysctl, args: { name: 'no.such', value: '1' }, outcome: 'not-found' },
  { name: 'a unit that is not there', module: systemd, args: { name: 'nap', state: 'started' }, outcome: 'not-found' },
  { name: 'its file', module: copy, args: { dest: path, content: service('one') } },
  {
    name: 'started and enabled',
    module: systemd,
    args: { name: 'nap', state: 'started', enabled: true, daemon_reload: true },
  },
  { name: 'its file again', module: copy, args: { dest: path, content: service('two') } },
  { name: 'read again', module: systemd, args: { name: 'nap', daemon_reload: true } },
  { name: 'stopped and disabled', module: systemd, args: { name: 'nap', state: 'stopped', enabled: false } },
  {
    name: 'masked by its name, which has a file',
    module: systemd,
    args: { name: 'nap', masked: true },
    outcome: 'refused',
  },
  { name: 'another masked', module: systemd, args: { name: 'cron', masked: true, state: 'stopped' } },
  { name: 'a masked one started', module: systemd, args: { name: 'cron', state: 'started' }, outcome: 'refused' },
  {
    name: 'unmasked and started',
    module: systemd,
    args: { name: 'cron', masked: false, state: 'started', enabled: true },
  },
  { name: 'a package', module: apt, args: { name: 'hello-pitool=1.0', update_cache: true }, opaque: true },
  { name: 'the newest', module: apt, args: { name: 'hello-pitool', state: 'latest' }, opaque: true },
  { name: 'none of that name', module: apt, args: { name: 'no-such-package' }, outcome: 'package-not-found' },
  { name: 'a package gone', module: apt, args: { name: 'hello-pitool', state: 'absent', purge: true }, opaque: true },
  { name: 'a command once', module: command, args: { cmd: 'touch /tmp/once', creates: '/tmp/once' }, opaque: true },
  { name: 'a user gone', module: user, args: { name: 'ada', state: 'absent', remove: true } },
  { name: 'its group too', module: group, args: { name: 'makers', state: 'absent' } },
] as unknown as readonly Step[]

it.each(steps)('$name', ({ module, args, outcome, opaque }) => {
  const plan = known(planReal(module, args, { shell }))
  if (outcome !== undefined) return void expect(plan.failed?.code ?? carryAll(shell, plan.changes)).toBe(outcome)
  expect(plan.failed).toBeUndefined()
  expect(plan.changes).not.toEqual([])
  const shadow = new Shadow()
  for (const change of plan.changes) kindOf(change).fold(shadow, change)
  const foretold = planReal(module, args, { shell, shadow })
  if (opaque !== true) expect(known(foretold).changes).toEqual([])
  expect(carryAll(shell, plan.changes)).toBeUndefined()
  expect(known(planReal(module, args, { shell })).changes).toEqual([])
})

it('a unit that fails tells the end of its journal', () => {
  const content = '[Service]\nType=oneshot\nExecStart=/bin/sh -c "echo alas >&2; exit 3"\n'
  const written = known(
    planReal(copy as unknown as Module<never>, { dest: '/etc/systemd/system/woe.service', content }, { shell }),
  )
  expect(carryAll(shell, written.changes)).toBeUndefined()
  const plan = known(planReal(systemd as unknown as Module<never>, { name: 'woe', state: 'started' }, { shell }))
  expect(carryAll(shell, plan.changes)).toBe('change-failed')
  expect(ask(shell, unitState('woe'))).toMatchObject({ active: 'failed', enabled: 'static', result: 'exit-code' })
})

it('the names of units, odd and many, in one answer', () => {
  const [getty, ssh, none] = ['getty@.service', 'ssh', 'no-such@x'].map(name => ask(shell, unitState(name)))
  expect(getty).toMatchObject({ load: 'loaded' })
  expect(ssh).toMatchObject({ active: 'active', load: 'loaded' })
  expect(none).toMatchObject({ load: 'not-found' })
})

it('the hosts file names the host once', () => {
  const { text } = ask(shell, fileText('/etc/hosts'))
  expect(text?.match(/pi-new/g)).toHaveLength(1)
})

function known(plan: Plan | Unknown): Plan {
  if (plan instanceof Unknown) throw new Error(`unknown: ${plan.reason}`)
  return plan
}
