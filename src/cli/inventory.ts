import { didYouMean } from '../core/did-you-mean.ts'
import { Secret } from '../core/secret.ts'
import { byStrength } from '../engine/scope.ts'
import { connectionNames, loadInventory, readExtraVars } from '../playbook/index.ts'
import type { Inventory } from '../playbook/model.ts'
import { type Origin, renderGraph, renderVariables } from '../report/inventory.ts'
import { renderJson } from '../report/ndjson.ts'
import { createPalette, wantsColor } from '../report/palette.ts'
import { isTerminal, toStdout } from '../report/streams.ts'
import { exits } from './exit.ts'
import { type Flags, usage } from './flags.ts'
import { type HostSources, hostScope } from './host-scope.ts'
import { openDisk } from './secret-keys.ts'
import { hostsOf } from './select-hosts.ts'
import { settingsFrom } from './settings.ts'

/** `pitool inventory --graph | --list | --host NAME [--origins]`. */
export async function showInventory(flags: Flags): Promise<number> {
  const settings = settingsFrom(flags)
  const disk = await openDisk(flags)
  const inventory = loadInventory(settings, disk)
  const sources = { inventory, extra: readExtraVars(flags.list('extra-vars'), process.cwd(), disk) }
  const host = flags.text('host')
  const paint = createPalette(wantsColor(process.env, isTerminal('stdout')))
  const limit = flags.text('limit')
  if (host !== undefined) {
    const variables = variablesOf(sources, known(inventory, host))
    toStdout(text(renderVariables(variables, paint, flags.on('origins'))))
  } else if (flags.on('list')) toStdout(`${renderJson(asList(sources, hostsOf(inventory, 'all', limit)))}\n`)
  else toStdout(text(renderGraph(within(inventory, hostsOf(inventory, 'all', limit)), paint)))
  return exits.well
}

function text(lines: readonly string[]): string {
  return lines.map(line => `${line}\n`).join('')
}

function known(inventory: Inventory, host: string): string {
  if (inventory.hosts.has(host)) return host
  const near = didYouMean(host, inventory.hosts.keys())
  throw usage(
    `the inventory has no host '${host}'`,
    near ? `did you mean '${near}'?` : 'pitool inventory --graph shows them all',
  )
}

function within(inventory: Inventory, hosts: readonly string[]): Inventory {
  const kept = new Set(hosts)
  const groups = [...inventory.groups].map(([name, all]) => [name, all.filter(host => kept.has(host))] as const)
  return { ...inventory, groups: new Map(groups) }
}

// Written in the clear they are still nobody's to read over a shoulder.
const passwords = new Set<string>([...connectionNames.password, ...connectionNames.become_password])

/** What the inventory says of a host, each variable with the source that won. */
function variablesOf(sources: HostSources, host: string): readonly Origin[] {
  const scope = hostScope(sources, host)
  const layers = [...(sources.inventory.hosts.get(host)?.layers ?? []), ...(sources.extra ? [sources.extra] : [])]
  const strongest = byStrength(layers) as typeof layers
  const names = [...new Set(strongest.flatMap(({ vars }) => [...vars.keys()]))]
  return names.map(name => {
    const origin = strongest.find(({ vars }) => vars.has(name))?.origin ?? ''
    const value = scope.get(name) ?? null
    return { name, value: passwords.has(name) && value !== null ? new Secret(String(value)) : value, origin }
  })
}

/** The shape that `ansible-inventory --list` prints and inventory plugins read. */
function asList(sources: HostSources, hosts: readonly string[]): object {
  const { groups, children } = within(sources.inventory, hosts)
  const hostvars = hosts.map(host => {
    const variables = variablesOf(sources, host).map(({ name, value }) => [name, value] as const)
    return [host, Object.fromEntries(variables)] as const
  })
  const listed = [...groups].map(([name, members]) => {
    const below = children.get(name) ?? []
    const inner = new Set(below.flatMap(child => groups.get(child) ?? []))
    const own = members.filter(host => !inner.has(host))
    return [
      name,
      { ...(own.length > 0 ? { hosts: own } : {}), ...(below.length > 0 ? { children: below } : {}) },
    ] as const
  })
  return { _meta: { hostvars: Object.fromEntries(hostvars) }, ...Object.fromEntries(listed) }
}
