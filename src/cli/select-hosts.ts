import { Mistake } from '../core/diagnostic.ts'
import type { Inventory } from '../playbook/model.ts'
import { matchPattern } from '../playbook/pattern.ts'
import { usage } from './flags.ts'

/** The hosts of a pattern within a limit, in inventory order. Throws a Mistake. */
export function hostsOf(inventory: Inventory, pattern: string, limit: string | undefined): readonly string[] {
  const whole = matchPattern(pattern, inventory)
  const within = limit === undefined ? whole : matchPattern(limit, inventory)
  const mistakes = [...whole.mistakes, ...(limit === undefined ? [] : within.mistakes)]
  if (mistakes.length > 0) throw new Mistake(...mistakes)
  const hosts = whole.hosts.filter(host => within.hosts.includes(host))
  if (hosts.length === 0)
    throw usage(`no host is both in '${pattern}' and in --limit`, 'pitool inventory --graph shows them all')
  return hosts
}
