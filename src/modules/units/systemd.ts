import { setUnit } from '../../changes/unit-set.ts'
import { changed, type Plan, unchanged } from '../../core/module.ts'
import { type Asking, ask, askAll } from '../../core/question.ts'
import type { Vars } from '../../core/value.ts'
import { type UnitAnswer, unitName, unitState } from '../../questions/unit.ts'
import { unitStale } from '../../questions/unit-stale.ts'
import { failed } from '../failed.ts'

export const systemdArgs = {
  type: 'object',
  additionalProperties: false,
  properties: {
    name: {
      type: 'string',
      aliases: ['service', 'unit'],
      minLength: 1,
      description: 'The unit; without a suffix it is a service.',
    },
    state: {
      enum: ['started', 'stopped', 'restarted', 'reloaded'],
      description: '`restarted` and `reloaded` always act: mostly for handlers.',
    },
    enabled: { type: 'boolean', description: 'Whether it starts at boot.' },
    masked: { type: 'boolean', description: 'Whether it can be started at all.' },
    daemon_reload: {
      type: 'boolean',
      default: false,
      description: 'Let systemd read its files again, if they are newer than what it has read.',
    },
    no_block: { type: 'boolean', default: false, description: 'Do not wait until it has started.' },
  },
} as const

export const systemdReturns = {
  name: 'the unit with its suffix',
  state: 'started or stopped, where asked for',
  enabled: 'whether it starts at boot, where asked for',
  status: 'what systemd tells of it: ActiveState, SubState, LoadState, UnitFileState, MainPID, NRestarts',
} as const

export interface SystemdWish {
  readonly name?: string | undefined
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded' | undefined
  readonly enabled?: boolean | undefined
  readonly masked?: boolean | undefined
  readonly daemon_reload: boolean
  readonly no_block: boolean
}

export function* planSystemd(wish: SystemdWish): Asking<Plan> {
  const { name, state, enabled, masked, daemon_reload } = wish
  const acts = state !== undefined || enabled !== undefined || masked !== undefined
  if (name === undefined) {
    if (acts) return failed('wrong-value', '`name` is needed', 'say which unit is meant')
    const stale = daemon_reload && (yield* ask(unitStale('')))
    return stale ? changed([setUnit({ name: '', daemonReload: true })]) : unchanged()
  }
  const unit = unitName(name)
  const [seen, stale] = daemon_reload
    ? yield* askAll(unitState(unit), unitStale(unit))
    : [yield* ask(unitState(unit)), false]
  const wrong = unfit(seen, wish)
  if (wrong) return wrong
  const set = differences(seen, wish)
  const reload = stale ? { daemonReload: true } : {}
  const result = resultOf(seen, wish)
  if (Object.keys({ ...set, ...reload }).length === 0) return unchanged(result)
  const before = { enabled: seen.enabled, active: seen.active }
  const noBlock = wish.no_block ? { noBlock: true } : {}
  const old = seen.needDaemonReload ? { stale: true } : {}
  return changed([setUnit({ name: unit, ...set, ...reload, ...old, ...noBlock, before })], result)
}

function unfit(seen: UnitAnswer, { state, masked, enabled }: SystemdWish): Plan | undefined {
  const { name } = seen
  if (seen.load === 'not-found') {
    // Nothing of it runs or starts at boot: that is what was wanted.
    const gone =
      state !== 'started' && state !== 'restarted' && state !== 'reloaded' && enabled !== true && masked !== true
    if (gone) return unchanged({ name }, { message: `there is no unit ${name}` })
    if (masked === true && state === undefined && enabled === undefined) return undefined
    return failed(
      'not-found',
      `there is no unit ${name}`,
      'install the package that brings it, or write its file, in a task before',
    )
  }
  const starts = state !== undefined && state !== 'stopped'
  if (masked === true && !seen.masked && seen.fragmentPath?.startsWith('/etc/systemd/system/')) {
    const hint = 'set `enabled: false` and `state: stopped`, or remove that file before'
    return failed(
      'refused',
      `${name} cannot be masked: its own file stands where the mask would: ${seen.fragmentPath}`,
      hint,
    )
  }
  if (seen.masked && masked !== false && (starts || enabled === true)) {
    return failed('refused', `${name} is masked`, 'add `masked: false`')
  }
  if (seen.load === 'error' || seen.load === 'bad-setting') {
    if (starts)
      return failed(
        'refused',
        `systemd cannot read the file of ${name}`,
        `see \`systemctl status ${name}\` on the host`,
      )
  }
  return undefined
}

// What `systemctl is-enabled` takes for enabled; a runtime link does not outlive a reboot.
const enabledStates = new Set(['enabled', 'static', 'alias', 'indirect', 'generated', 'transient'])
const disabledStates = new Set(['disabled', 'static', 'indirect', 'generated', 'transient', 'masked', 'bad', ''])
const running = new Set(['active', 'activating', 'reloading'])

function differences(seen: UnitAnswer, { state, enabled, masked }: SystemdWish) {
  const right = enabled === undefined || (enabled ? enabledStates : disabledStates).has(seen.enabled)
  // What was masked has no state of its own to compare with.
  const unmasked = masked === false && seen.masked
  const isRunning = running.has(seen.active)
  const acts =
    state === 'restarted' ||
    state === 'reloaded' ||
    (state === 'started' && !isRunning) ||
    (state === 'stopped' && isRunning)
  return {
    ...(masked === undefined || masked === seen.masked ? {} : { masked }),
    ...(right && !(unmasked && enabled !== undefined) ? {} : { enabled }),
    ...(acts ? { state } : {}),
  }
}

function resultOf(seen: UnitAnswer, { state, enabled }: SystemdWish): Vars {
  return {
    name: seen.name,
    ...(state === undefined ? {} : { state: state === 'stopped' ? 'stopped' : 'started' }),
    ...(enabled === undefined ? {} : { enabled }),
    status: {
      ActiveState: seen.active,
      SubState: seen.sub,
      LoadState: seen.load,
      UnitFileState: seen.enabled,
      MainPID: String(seen.mainPid),
      NRestarts: String(seen.restarts),
    },
  }
}
