import type { Question } from '../core/question.ts'
import { errText } from '../core/section.ts'
import { quote } from '../core/sh.ts'
import type { Shadow } from '../core/shadow.ts'
import { Unknown } from '../core/unknown.ts'
import type { QuestionKind } from './kind.ts'
import { nulParts } from './lines.ts'
import { unitName, withoutSystemd } from './unit.ts'

/**
 * Whether systemd must read its files again: a file of the unit (of any unit for '') is newer than the last reload.
 * NeedDaemonReload alone would not do: it depends on whether the unit happens to be in memory.
 */
export function unitStale(name: string): Question<boolean> {
  const unit = name === '' ? '' : unitName(name)
  return { kind: 'unit.stale', key: unit, arg: unit }
}

// systemd (from 247 on) gives this file the time of its last reading of all files; older ones have only their own word.
const newer = `newer() { while IFS= read -r f; do
 if [ -f "$f" ] && [ -e /run/systemd/systemd-units-load ] && [ "$f" -nt /run/systemd/systemd-units-load ]; then echo yes; return; fi; done; }`

export const unitStaleKind: QuestionKind<string, boolean> = {
  kind: 'unit.stale',
  sh: names =>
    [
      'set +e; if ! [ -d /run/systemd/system ]; then echo no-systemd >&2; exit 3; fi',
      newer,
      ...names.map(name => `{ ${name === '' ? anyUnit : oneUnit(name)}; } 2>/dev/null; printf '\\000'`),
      'exit 0',
    ].join('\n'),
  parse(section, names) {
    if (section.code === 3 && errText(section).includes('no-systemd')) throw withoutSystemd()
    return nulParts(section, names.length, 'units to be read again').map(part => part.includes('yes'))
  },
  predict(shadow, name, actual) {
    if (actual === undefined) return undefined
    const reloaded = shadow.values.get('systemd:reloaded')
    const planned = name === '' ? anyStale(shadow) : staleOf(shadow, name)
    const stale = planned ?? (reloaded === true ? false : actual)
    return stale && reloaded instanceof Unknown ? reloaded : stale
  },
}

const anyUnit = `systemctl show -p NeedDaemonReload --value '*' | grep -x yes | head -n 1
find /etc/systemd/system /run/systemd/system -type f | newer`

function oneUnit(name: string): string {
  const unit = quote(name)
  return `systemctl show -p NeedDaemonReload --value -- ${unit}
{ systemctl show -p FragmentPath --value -- ${unit}; systemctl show -p DropInPaths --value -- ${unit} | tr ' ' '\\n'; } | newer`
}

function staleOf(shadow: Shadow, name: string): boolean | undefined {
  const planned = shadow.units.get(name)
  return planned instanceof Unknown ? undefined : planned?.stale
}

function anyStale(shadow: Shadow): boolean | undefined {
  return [...shadow.units.keys()].some(name => staleOf(shadow, name)) ? true : undefined
}
