import type { PredictedUnit, Shadow } from '../../core/shadow.ts'
import { Unknown } from '../../core/unknown.ts'
import type { UnitAnswer } from '../unit.ts'

/** A unit as it would be after the planned changes. */
export function predictUnit(shadow: Shadow, name: string, actual?: UnitAnswer): UnitAnswer | Unknown | undefined {
  if (actual === undefined) return undefined
  const planned = shadow.units.get(name)
  if (planned instanceof Unknown) return planned
  const gone = actual.load === 'not-found' && planned?.exists !== true
  if (gone && shadow.notFound) return shadow.notFound
  const fresh = shadow.values.get('systemd:reloaded') === true ? { ...actual, needDaemonReload: false } : actual
  return planned === undefined ? fresh : overlay(fresh, planned)
}

function overlay(actual: UnitAnswer, planned: PredictedUnit): UnitAnswer | Unknown {
  const { enabled, active, masked, exists } = planned
  for (const part of [enabled, active, masked]) if (part instanceof Unknown) return part
  const found = exists ?? actual.load !== 'not-found'
  const isMasked = (masked as boolean | undefined) ?? actual.masked
  const was = exists === true && actual.enabled === '' ? (planned.static ? 'static' : 'disabled') : actual.enabled
  // Where the file lies that comes to light again, only systemd knows.
  const { fragmentPath, ...known } = actual
  const file =
    masked === true ? `/etc/systemd/system/${actual.name}` : actual.masked && !isMasked ? undefined : fragmentPath
  const load = isMasked ? 'masked' : found ? (exists || actual.masked ? 'loaded' : actual.load) : 'not-found'
  return {
    ...known,
    ...(file === undefined ? {} : { fragmentPath: file }),
    needDaemonReload: planned.stale ?? actual.needDaemonReload,
    load,
    masked: isMasked,
    enabled: isMasked ? 'masked' : !found ? '' : enabled === undefined ? unmask(was) : enabled ? 'enabled' : 'disabled',
    active: active === undefined ? actual.active : active ? 'active' : 'inactive',
    ...(active === false ? { sub: 'dead', mainPid: 0 } : {}),
  }
}

function unmask(state: string): string {
  return state.startsWith('masked') ? 'disabled' : state
}
