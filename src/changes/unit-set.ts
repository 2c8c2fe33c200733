import type { Change, Diff, Facet } from '../core/change.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Section } from '../core/section.ts'
import { errText } from '../core/section.ts'
import type { PredictedFile, PredictedUnit, Shadow } from '../core/shadow.ts'
import { Unknown } from '../core/unknown.ts'
import { explainSection, saidBy } from './explain.ts'
import { linkFootprint } from './file/fold.ts'
import type { ChangeKind } from './kind.ts'
import { bootTogether, failedIn, unitScript, verbs } from './unit/script.ts'

/** A systemd unit: at boot and now. */
export interface UnitSet extends Change {
  readonly kind: 'unit.set'
  /** With its suffix; '' for a bare daemon-reload. */
  readonly name: string
  readonly enabled?: boolean | undefined
  readonly masked?: boolean | undefined
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded' | undefined
  readonly daemonReload?: boolean | undefined
  /** Does not wait until it runs: a `Type=notify` unit may never get there. */
  readonly noBlock?: boolean | undefined
  /** Its file is newer than what systemd has read: starting it lets systemd read all files again. */
  readonly stale?: boolean | undefined
  /** For the diff: what was found. */
  readonly before?: { readonly enabled: string; readonly active: string } | undefined
}

export function setUnit(change: Omit<UnitSet, 'kind'>): UnitSet {
  return { kind: 'unit.set', ...change }
}

/** Where systemctl makes and removes links, by names that the unit itself tells; a script of SysV has them elsewhere. */
const links: readonly string[] = [
  ...['/etc/systemd/system', '/run/systemd/system', ...[...'0123456S'].map(level => `/etc/rc${level}.d`)].map(
    folder => `file:${folder}`,
  ),
  'file.tree',
  ...linkFootprint,
]

export const unitSet: ChangeKind<UnitSet> = {
  kind: 'unit.set',
  carry: change => ({
    script: unitScript(change),
    own: change.state !== undefined && !change.noBlock,
    still: true,
    timeout: 300,
  }),
  together: bootTogether,
  // Of several, the one that failed says so.
  explain: (section, change) => explainUnit(section, { ...change, name: failedIn(section) ?? change.name }),
  fold: foldUnit,
  diff: showUnit,
  // What runs does what it likes.
  footprint: ({ state, enabled, masked }) => {
    if (state !== undefined) return 'all'
    // What is enabled or masked brings others along, and systemctl lets systemd read all files again.
    return ['unit', 'unit.stale', ...(enabled === undefined && masked === undefined ? [] : links)]
  },
}

function explainUnit(section: Section, { name, state }: UnitSet): Diagnostic | undefined {
  const said = errText(section)
  if (/systemctl: (command )?not found/.test(said)) {
    const hint = 'use `command` with what this host starts its services by'
    return {
      code: 'unsupported',
      message: `${name} is no unit: this host has no systemd`,
      hint,
      cause: saidBy(section),
    }
  }
  if (/not loaded|not-found|could not be found|does not exist|No such file/i.test(said)) {
    return {
      code: 'not-found',
      message: `there is no unit ${name}`,
      hint: 'install the package that brings it, or write its file, in a task before',
      cause: saidBy(section),
    }
  }
  if (/Permission denied|authentication required|Access denied/i.test(said)) return explainSection(section)
  const verb = state === undefined ? 'set up' : verbs[state]
  return {
    code: 'change-failed',
    message: `systemd could not ${verb} ${name}`,
    hint: `look at \`systemctl status ${name}\` on the host; the end of its journal is below`,
    cause: saidBy(section),
  }
}

function foldUnit(shadow: Shadow, change: UnitSet): void {
  const { name, enabled, masked, state, daemonReload } = change
  // systemctl lets systemd read all files again after these by itself.
  if (daemonReload || enabled !== undefined || masked !== undefined) foldReload(shadow)
  else if (change.stale && state !== undefined && state !== 'stopped') foldFreshStart(shadow, name)
  if (name === '') return
  if (masked !== undefined) shadow.files.set(`/etc/systemd/system/${name}`, masked ? maskLink : { type: 'absent' })
  if (enabled !== undefined) shadow.values.set(`unit.links:${name}`, true)
  if (state !== undefined && state !== 'stopped') shadow.mayTouch(`${verbs[state]} of ${name}`)
  const was = shadow.units.get(name)
  const active = state === undefined ? undefined : state !== 'stopped'
  const planned: PredictedUnit = {
    ...(was === undefined || was instanceof Unknown ? {} : was),
    ...(enabled === undefined ? {} : { enabled }),
    ...(masked === undefined ? {} : { masked }),
    ...(active === undefined ? {} : { active }),
  }
  shadow.units.set(name, planned)
}

const maskLink: PredictedFile = { type: 'link', target: '/dev/null', mode: '0777', owner: 'root', group: 'root' }

function foldReload(shadow: Shadow): void {
  shadow.values.set('systemd:reloaded', true)
  for (const [unit, seen] of shadow.units) {
    if (!(seen instanceof Unknown)) shadow.units.set(unit, { ...seen, stale: false })
  }
}

/** systemd knows a file to be newer only of units that it has in memory, and of one just written nobody can tell that. */
function foldFreshStart(shadow: Shadow, name: string): void {
  const planned = shadow.units.get(name)
  if (planned instanceof Unknown || planned?.stale)
    shadow.values.set('systemd:reloaded', new Unknown(`starting ${name} may let systemd read its files again`))
  else foldReload(shadow)
}

function showUnit({ name, enabled, masked, state, daemonReload, before }: UnitSet): Diff {
  const words = [
    ...(daemonReload ? ['reload systemd'] : []),
    ...(masked === undefined ? [] : [masked ? 'mask' : 'unmask']),
    ...(enabled === undefined ? [] : [enabled ? 'enable' : 'disable']),
    ...(state === undefined ? [] : [verbs[state]]),
  ]
  const facets: Facet[] = []
  if (enabled !== undefined)
    facets.push({ name: 'enabled', before: before?.enabled ?? '', after: enabled ? 'enabled' : 'disabled' })
  if (masked !== undefined) facets.push({ name: 'masked', before: String(!masked), after: String(masked) })
  if (state !== undefined) facets.push({ name: 'state', before: before?.active ?? '', after: state })
  return { subject: name || 'systemd', summary: `${words.join(', ')} ${name}`.trim(), facets }
}
