import { cordonedByNote } from '../../core/node-values.ts'

/** A node as the server sees it. */
export interface ClusterNode {
  readonly name: string
  readonly ready: boolean
  /** The Ready condition's own words, for people. */
  readonly reason: string
  /** Seconds since 1970 of its last sign of life: heartbeat or renewed lease; 0: none. */
  readonly heartbeat: number
  /** `kubectl cordon`: nothing new is put there. */
  readonly cordoned: boolean
  /** `v1.30.4+k3s1` */
  readonly version: string
  readonly labels: { readonly [name: string]: string }
  readonly addresses: readonly string[]
  /** Who cordoned it through pitool: its note on the node, left there until it is uncordoned. */
  readonly cordonedBy?: string | undefined
  /** As kubectl writes them, `key=value:Effect`, without those that the cluster sets and takes by itself. */
  readonly taints?: readonly string[] | undefined
}

/** Reads `kubectl get nodes -o json` and `… leases -o json`; undefined on anything else. */
export function readNodes(nodesJson: string, leasesJson: string): readonly ClusterNode[] | undefined {
  const nodes = items(nodesJson)
  const leases = items(leasesJson)
  if (nodes === undefined || leases === undefined) return undefined
  const renewed = new Map(
    leases.map(lease => [text(lease, 'metadata', 'name'), time(text(lease, 'spec', 'renewTime'))]),
  )
  return nodes.map(node => readNode(node, renewed.get(text(node, 'metadata', 'name')) ?? 0))
}

function readNode(node: unknown, renewed: number): ClusterNode {
  const noted = text(node, 'metadata', 'annotations', cordonedByNote)
  const taints = list(at(node, 'spec', 'taints')).filter(taint => !isOwnTaint(text(taint, 'key')))
  const ready = list(at(node, 'status', 'conditions')).find(condition => text(condition, 'type') === 'Ready')
  return {
    name: text(node, 'metadata', 'name'),
    ready: text(ready, 'status') === 'True',
    reason: text(ready, 'message') || text(ready, 'reason') || 'it has not reported yet',
    heartbeat: Math.max(time(text(ready, 'lastHeartbeatTime')), renewed),
    cordoned: at(node, 'spec', 'unschedulable') === true,
    version: text(node, 'status', 'nodeInfo', 'kubeletVersion'),
    labels: texts(at(node, 'metadata', 'labels')),
    addresses: list(at(node, 'status', 'addresses')).map(address => text(address, 'address')),
    ...(noted === '' ? {} : { cordonedBy: noted }),
    ...(taints.length === 0 ? {} : { taints: taints.map(written) }),
  }
}

/** Set and taken by the cluster itself: not ready, cordoned, under pressure. */
export function isOwnTaint(key: string): boolean {
  return key.startsWith('node.kubernetes.io/')
}

function written(taint: unknown): string {
  const value = text(taint, 'value')
  return `${text(taint, 'key')}${value === '' ? '' : `=${value}`}:${text(taint, 'effect')}`
}

function items(json: string): readonly unknown[] | undefined {
  try {
    const found = at(JSON.parse(json), 'items')
    return Array.isArray(found) ? found : undefined
  } catch {
    return undefined
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value)
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null
}

function text(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : ''
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function texts(value: unknown): { readonly [name: string]: string } {
  const entries = Object.entries(isObject(value) ? value : {})
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

function time(iso: string): number {
  const milliseconds = Date.parse(iso)
  return Number.isNaN(milliseconds) ? 0 : milliseconds / 1000
}
