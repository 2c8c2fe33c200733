import type { Source, Span } from '../../core/span.ts'
import type { Tree } from '../../language/scope.ts'
import { byRank } from '../layers.ts'
import type { Host, Inventory, Rank, VarLayer } from '../model.ts'
import type { Draft, HostDraft, Origin } from './draft.ts'
import type { GroupGraph } from './group-graph.ts'
import type { VarsFiles } from './vars-files.ts'

export interface Parts {
  readonly draft: Draft
  readonly graph: GroupGraph
  readonly files: VarsFiles
  readonly sources: readonly string[]
}

/** Puts together what the files said: each host with its groups and layers, weakest first. */
export function buildInventory(parts: Parts): Inventory {
  const { draft, graph, sources } = parts
  const order = [...draft.hosts.keys()]
  const groups = new Map<string, readonly string[]>([['all', order]])
  for (const name of draft.groups.keys()) {
    if (name === 'all') continue
    const members = graph.members(name)
    groups.set(
      name,
      order.filter(host => members.has(host)),
    )
  }
  groups.set('ungrouped', ungrouped(draft, groups))
  const hosts = new Map([...draft.hosts.values()].map(host => [host.name, hostOf(host, groups, parts)]))
  return { hosts, groups, children: childrenOf(draft), sources }
}

/** The host that is there without being written down: this machine. */
export function implicitLocalhost(parts: Parts): Host {
  const source: Source = { file: 'localhost', text: '' }
  const span: Span = { source, start: 0, end: 0 }
  const local: Tree = { kind: 'value', value: 'local', span }
  const host = hostOf({ name: 'localhost', span, vars: [] }, new Map(), parts)
  const layer: VarLayer = {
    origin: 'localhost',
    rank: 'inventory host',
    vars: new Map([['ansible_connection', local]]),
  }
  return { ...host, layers: byRank([...host.layers, layer]) }
}

function ungrouped(draft: Draft, groups: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const grouped = new Set(
    [...groups].filter(([name]) => name !== 'all' && name !== 'ungrouped').flatMap(([, hosts]) => hosts),
  )
  return [...draft.hosts.keys()].filter(host => !grouped.has(host))
}

function childrenOf(draft: Draft): ReadonlyMap<string, readonly string[]> {
  const children = new Map([...draft.groups.values()].map(group => [group.name, [...group.children.keys()]] as const))
  const below = new Set([...children].filter(([name]) => name !== 'all').flatMap(([, names]) => names))
  const top = [...children.keys()].filter(name => name !== 'all' && name !== 'ungrouped' && !below.has(name))
  const ofAll = [...new Set([...(children.get('all') ?? []).filter(name => !below.has(name)), ...top, 'ungrouped'])]
  return new Map([...children, ['all', ofAll], ['ungrouped', []]])
}

function hostOf(draft: HostDraft, groups: ReadonlyMap<string, readonly string[]>, parts: Parts): Host {
  const { graph } = parts
  const mine = [...groups].filter(([name, hosts]) => name !== 'all' && hosts.includes(draft.name)).map(([name]) => name)
  // Parents before children, and names in order among equals, as Ansible merges them.
  const ordered = mine.toSorted((a, b) => graph.depth(a) - graph.depth(b) || (a < b ? -1 : 1))
  return { name: draft.name, span: draft.span, groups: ordered, layers: layersOf(draft, ordered, parts) }
}

function layersOf(host: HostDraft, groups: readonly string[], { draft, files }: Parts): readonly VarLayer[] {
  const inFiles = (name: string) => draft.groups.get(name)?.vars ?? []
  return [
    ...ranked('inventory all', inFiles('all')),
    ...ranked('inventory group', groups.flatMap(inFiles)),
    ...ranked('group_vars all', files.of('group_vars', 'all')),
    ...ranked(
      'group_vars',
      groups.flatMap(name => files.of('group_vars', name)),
    ),
    ...ranked('inventory host', host.vars),
    ...ranked('host_vars', files.of('host_vars', host.name)),
  ]
}

function ranked(rank: Rank, origins: readonly Origin[]): readonly VarLayer[] {
  return origins.filter(({ vars }) => vars.size > 0).map(({ origin, vars }) => ({ origin, rank, vars }))
}
