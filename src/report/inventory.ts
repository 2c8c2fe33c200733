import { maskedJson, Secret } from '../core/secret.ts'
import { Unknown } from '../core/unknown.ts'
import type { Value } from '../core/value.ts'
import type { Palette } from './palette.ts'
import { clip, oneLine, sanitise } from './sanitise.ts'

/** What is shown of an inventory. */
export interface InventoryView {
  /** Group → hosts, those of its child groups included. */
  readonly groups: ReadonlyMap<string, readonly string[]>
  /** Group → its child groups. */
  readonly children: ReadonlyMap<string, readonly string[]>
}

/** One variable of a host, and where its value came from. */
export interface Origin {
  readonly name: string
  readonly value: Value
  readonly origin: string
}

const deepest = 50

/** The groups as a tree, as `ansible-inventory --graph` draws it. */
export function renderGraph(inventory: InventoryView, paint: Palette, root = 'all'): readonly string[] {
  return branch(root, { inventory, paint, above: [] })
}

interface Branch {
  readonly inventory: InventoryView
  readonly paint: Palette
  readonly above: readonly string[]
}

function branch(group: string, at: Branch): readonly string[] {
  const { inventory, paint, above } = at
  const pad = '  |'.repeat(above.length)
  const head = `${pad === '' ? '' : `${pad}--`}${paint.bold(`@${oneLine(group)}:`)}`
  if (above.includes(group) || above.length > deepest) return [head]
  const children = childrenOf(group, inventory)
  const theirs = new Set(children.flatMap(child => inventory.groups.get(child) ?? []))
  const own = (inventory.groups.get(group) ?? []).filter(host => !theirs.has(host))
  return [
    head,
    ...children.flatMap(child => branch(child, { inventory, paint, above: [...above, group] })),
    ...own.map(host => `${pad}  |--${oneLine(host)}`),
  ]
}

/** `all` holds each group that no other holds. */
function childrenOf(group: string, { groups, children }: InventoryView): readonly string[] {
  const declared = children.get(group) ?? []
  if (group !== 'all') return declared
  const held = new Set([...children].filter(([parent]) => parent !== 'all').flatMap(([, below]) => below))
  const free = [...groups.keys()].filter(name => name !== 'all' && !held.has(name))
  return [...new Set([...declared, ...free])].filter(name => name !== 'ungrouped' || groups.get(name)?.length)
}

/** A host's variables, sorted; with origins, each with the source that won. */
export function renderVariables(variables: readonly Origin[], paint: Palette, origins: boolean): readonly string[] {
  const sorted = [...variables].sort((a, b) => (a.name < b.name ? -1 : 1))
  return sorted.flatMap(({ name, value, origin }) => {
    const line = `${paint.bold(oneLine(name))}: ${clip(oneLine(showValue(value)), 2000)}`
    return origins ? [`${line}  ${paint.dim(`# ${oneLine(origin)}`)}`] : [line]
  })
}

/** As JSON, a secret and what is not known yet said so. */
export function showValue(value: Value): string {
  if (value instanceof Secret || value instanceof Unknown) return String(value)
  return sanitise(maskedJson(value))
}
