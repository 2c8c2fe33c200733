import { Mistake } from '../../core/diagnostic.ts'
import { didYouMean } from '../../core/did-you-mean.ts'
import { place, type Span } from '../../core/span.ts'
import { type Disk, disk } from '../disk.ts'
import type { Inventory, Settings } from '../model.ts'
import { Problems } from '../problems.ts'
import { loadInventory } from '../project.ts'
import { ProjectFiles } from '../project-files.ts'
import { flowText } from './flow-text.ts'
import { inventoryFiles } from './load-inventory.ts'
import { placeHost } from './place-host.ts'

export interface NewHost {
  readonly name: string
  readonly group: string
  readonly address: string
  /** Labels of its node. */
  readonly labels: { readonly [name: string]: string }
}

/** A file of the inventory as it is to be written, and the inventory as it will be then. */
export interface Addition {
  readonly path: string
  readonly text: string
  /** `file:line:column` of what is new. */
  readonly place: string
  /** What is new, as written. */
  readonly written: string
  readonly inventory: Inventory
}

/** Puts a host into its group, in the file that defines it; comments and form stay as they are. Throws a Mistake. */
export function addHost(settings: Settings, host: NewHost, on: Disk = disk): Addition {
  const before = loadInventory(settings, on)
  refuse(before, host)
  const { name, group, labels } = host
  const vars = { ...addressOf(before, host), ...(Object.keys(labels).length === 0 ? {} : { node_labels: labels }) }
  const problems = new Problems()
  const files = new ProjectFiles(settings.root, on, problems)
  const paths = settings.inventory.flatMap(path => inventoryFiles(path, { files, problems, warnings: [] }))
  for (const path of paths) {
    const root = files.yaml(path)
    const found = root ? placeHost(root, group, { name, value: flowText(vars) }) : undefined
    if (!root || !found) continue
    const raw = on.read(path)!
    // Places are told without the mark that some editors begin a file with.
    const mark = raw.length - root.span.source.text.length
    const text = raw.slice(0, mark + found.at) + found.text + raw.slice(mark + found.at)
    const after = verified(host, before, () => loadInventory(settings, withText(on, path, text)))
    if (!after) break
    const written = `${name}: ${flowText(vars)}`
    return { path, text, written, inventory: after, place: place(after.hosts.get(name)!.span) }
  }
  const message = `${name} cannot be put into the group '${group}' without harm to how it is written`
  throw new Mistake({ code: 'not-supported', message, hint: `write it there by hand: \`${name}: ${flowText(vars)}\`` })
}

/** Under the name that this inventory uses. */
function addressOf(inventory: Inventory, { address }: NewHost): { readonly [name: string]: string } {
  const names = new Set(
    [...inventory.hosts.values()].flatMap(({ layers }) => layers.flatMap(({ vars }) => [...vars.keys()])),
  )
  return names.has('ansible_host') && !names.has('host') ? { ansible_host: address } : { host: address }
}

function withText(on: Disk, path: string, text: string): Disk {
  return { ...on, read: other => (other === path ? text : on.read(other)) }
}

/** The inventory afterwards, where it says the same as before but for the new host. */
function verified({ name, group }: NewHost, before: Inventory, load: () => Inventory): Inventory | undefined {
  try {
    const after = load()
    const same = [...before.groups].every(([one, hosts]) => {
      const now = after.groups.get(one)?.filter(host => host !== name)
      return now?.length === hosts.length && now.every((host, i) => host === hosts[i])
    })
    const wanted = group === 'all' ? new Set(['ungrouped']) : withParents(before, group)
    const groups = new Set(after.hosts.get(name)?.groups)
    const added = wanted.size === groups.size && [...wanted].every(one => groups.has(one))
    return same && added && after.hosts.size === before.hosts.size + 1 ? after : undefined
  } catch (error) {
    if (error instanceof Mistake) return undefined
    throw error
  }
}

/** The group, and all above it but `all`. */
function withParents({ children }: Inventory, group: string): ReadonlySet<string> {
  const found = new Set([group])
  for (const one of found) {
    for (const [parent, below] of children) if (parent !== 'all' && below.includes(one)) found.add(parent)
  }
  return found
}

function refuse(inventory: Inventory, { name, group, address }: NewHost): void {
  const known = inventory.hosts.get(name)
  if (known) throw conflict(`the inventory has a host ${name} already`, known.span)
  if (inventory.groups.has(name)) throw conflict(`${name} is the name of a group`)
  for (const other of inventory.hosts.values()) {
    const has = other.layers.some(({ vars }) => ['host', 'ansible_host'].some(key => isText(vars.get(key), address)))
    if (has) throw conflict(`${address} is the address of ${other.name}`, other.span)
  }
  if (inventory.groups.has(group)) return
  const groups = [...inventory.groups.keys()].filter(one => one !== 'ungrouped')
  const near = didYouMean(group, groups)
  const hint = near === undefined ? `the groups are ${groups.join(', ')}` : `did you mean '${near}'?`
  throw new Mistake({ code: 'unknown-group', message: `the inventory has no group '${group}'`, hint })
}

function isText(tree: { readonly kind: string } | undefined, text: string): boolean {
  return tree?.kind === 'value' && 'value' in tree && tree.value === text
}

function conflict(message: string, span?: Span): Mistake {
  const hint = span === undefined ? 'give it another name' : 'change what stands there, or take another name or address'
  return new Mistake({ code: 'conflicting', message, hint, ...(span === undefined ? {} : { span }) })
}
