import type { Value } from '../core/value.ts'
import { byStrength, Given, type Layer, TaskScope } from '../engine/scope.ts'
import { renderTree } from '../language/index.ts'
import type { Scope } from '../language/scope.ts'
import { type ConnectionVars, connectionVars } from '../playbook/connection-vars.ts'
import type { Inventory, VarLayer } from '../playbook/model.ts'

/** What of a project says something about a host outside any play. */
export interface HostSources {
  readonly inventory: Inventory
  readonly extra?: VarLayer | undefined
}

/** A host's variables as they are outside any play. */
export function hostScope(sources: HostSources, host: string): TaskScope {
  const layers = sources.inventory.hosts.get(host)?.layers ?? []
  return new TaskScope(
    byStrength([...layers, ...(sources.extra ? [sources.extra] : []), magic(sources.inventory, host)]),
  )
}

/** How a host is reached, by its variables. Plain names (`host`, `user`) count only where the inventory gives them. */
export function connectionOf(sources: HostSources, host: string): ConnectionVars {
  const scope = hostScope(sources, host)
  const own = new TaskScope(byStrength(sources.inventory.hosts.get(host)?.layers ?? []))
  return connectionVars(name => (name.startsWith('ansible_') ? scope.get(name) : inScope(own, name, scope)))
}

/** A variable of one scope, rendered with what another one sees. */
function inScope(own: TaskScope, name: string, scope: Scope): Value | undefined {
  const entry = own.entry(name)
  return entry === undefined || !('kind' in entry) ? undefined : renderTree(entry, scope)
}

function magic(inventory: Inventory, host: string): Layer {
  const values: readonly (readonly [string, Value])[] = [
    ['inventory_hostname', host],
    ['inventory_hostname_short', host.split('.')[0] ?? host],
    ['group_names', inventory.hosts.get(host)?.groups ?? []],
    ['groups', Object.fromEntries(inventory.groups)],
  ]
  return { rank: 'magic', vars: new Map(values.map(([name, value]) => [name, new Given(value)])) }
}
