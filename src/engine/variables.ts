import { dirname, resolve } from 'node:path'
import { OMIT } from '../core/omit.ts'
import type { Value } from '../core/value.ts'
import type { Task, VarLayer } from '../playbook/model.ts'
import type { BatchContext } from './context.ts'
import type { HostState } from './host.ts'
import { byStrength, type Entry, Given, type Layer, Lazy, lazyObject, TaskScope } from './scope.ts'

type Place = Pick<Task, 'keywords'> & { readonly role?: Task['role'] }

/** The scope of a task on a host: all layers, with the loop's variables and the names that are always there. */
export function scopeFor(
  batch: BatchContext,
  state: HostState,
  place: Place,
  loop: ReadonlyMap<string, Entry> = new Map(),
): TaskScope {
  const layers: (Layer | VarLayer)[] = [
    ...(batch.project.inventory.hosts.get(state.name)?.layers ?? []),
    ...batch.play.layers,
    ...place.keywords.layers,
    ...state.layers(),
    batch.project.extra,
    { rank: 'loop', vars: loop },
    { rank: 'magic', vars: magicOf(batch, state, place) },
  ]
  return new TaskScope(byStrength(layers))
}

const known = new WeakMap<BatchContext, Map<HostState, Map<Place['role'], ReadonlyMap<string, Entry>>>>()

/** Made once for a host and a role: what they stand for is computed at each look. */
function magicOf(batch: BatchContext, state: HostState, place: Place): ReadonlyMap<string, Entry> {
  const hosts = known.get(batch) ?? new Map()
  known.set(batch, hosts)
  const roles = hosts.get(state) ?? new Map()
  hosts.set(state, roles)
  const entries = roles.get(place.role) ?? magic(batch, state, place)
  roles.set(place.role, entries)
  return entries
}

function magic(batch: BatchContext, state: HostState, { role }: Place): ReadonlyMap<string, Entry> {
  const { project, play } = batch
  const host = project.inventory.hosts.get(state.name)
  const names = (states: readonly HostState[]) => states.map(one => one.name)
  const alive = () => names(batch.batch.filter(one => one.alive))
  const playFolder = resolve(project.settings.root, dirname(play.span.source.file))
  const values: readonly (readonly [string, () => Value])[] = [
    ['inventory_hostname', () => state.name],
    ['inventory_hostname_short', () => state.name.split('.')[0]!],
    ['group_names', () => host?.groups ?? []],
    ['groups', () => Object.fromEntries(project.inventory.groups)],
    ['hostvars', () => hostvars(batch)],
    ['ansible_facts', () => Object.fromEntries(state.facts)],
    ['ansible_play_hosts', alive],
    ['ansible_play_batch', alive],
    ['play_hosts', alive],
    ['ansible_play_hosts_all', () => play.hosts],
    ['ansible_play_name', () => play.name],
    ['ansible_check_mode', () => batch.options.check],
    ['check_mode', () => batch.options.check],
    ['playbook_dir', () => playFolder],
    ['inventory_dir', () => resolve(project.settings.root, dirname(project.inventory.sources[0] ?? '.'))],
    ['run_id', () => batch.options.run],
    ['omit', () => OMIT as unknown as Value],
  ]
  const entries = new Map<string, Entry>(values.map(([name, compute]) => [name, new Lazy(compute)]))
  if (role) {
    entries.set('role_name', new Given(role.name))
    entries.set('role_path', new Given(role.folder))
  }
  return entries
}

const bare = { keywords: { environment: [], tags: [], when: [], layers: [] } }

/** Every host's variables, each rendered at its first look: a mistake in one is no one else's. */
function hostvars(batch: BatchContext): Value {
  return lazyObject(batch.project.inventory.hosts.keys(), name => {
    const state = batch.hosts.get(name)
    if (!state) return undefined
    const scope = scopeFor(batch, state, bare)
    return lazyObject(
      [...scope.names()].filter(variable => variable !== 'hostvars'),
      variable => scope.get(variable),
    )
  })
}
