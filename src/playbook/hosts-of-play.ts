import { renderTree } from '../language/index.ts'
import type { Node } from '../language/node.ts'
import { readTree } from './compile.ts'
import { earlyScope } from './early.ts'
import type { Host, Inventory } from './model.ts'
import { matchPattern } from './pattern.ts'
import { hasTemplate, wrongType } from './read.ts'
import type { Loader } from './scene.ts'

/** The inventory, and the host that is there without being written down. */
export interface Hosts {
  readonly inventory: Inventory
  readonly localhost: Host
  /** Hosts that --limit leaves; undefined: all. */
  readonly limit?: ReadonlySet<string> | undefined
}

export interface PlayHosts {
  readonly pattern: string
  readonly hosts: readonly string[]
}

export function readHosts(node: Node, hosts: Hosts, loader: Loader): PlayHosts | undefined {
  const pattern = patternOf(node, loader)
  if (pattern === undefined) return undefined
  const { inventory, limit } = hosts
  const matched = matchPattern(pattern, namesLocalhost(pattern) ? withLocalhost(hosts) : inventory, node.span)
  for (const mistake of matched.mistakes) loader.problems.add(mistake)
  if (matched.hosts.length === 0 && matched.mistakes.length === 0) {
    const message = `no host matches '${pattern}': this play does nothing`
    const hint = '`pitool inventory --graph` shows what there is'
    loader.warnings.push({ code: 'unknown-host', message, span: node.span, hint })
  }
  return { pattern, hosts: matched.hosts.filter(host => limit === undefined || limit.has(host)) }
}

/** The pattern as one text; a template in it may read what -e gives, since no host is known yet. */
function patternOf(node: Node, loader: Loader): string | undefined {
  const { problems } = loader
  const at = { problems, what: 'hosts' }
  if (node.kind === 'list') {
    const parts = node.items.map(item => patternOf(item, loader))
    return parts.includes(undefined) ? undefined : parts.join(',')
  }
  if (node.kind === 'map' || node.value === null)
    return wrongType(node, at, 'a pattern', 'name a host, a group or `all`')
  if (!hasTemplate(node)) return String(node.value)
  const value = problems.attempt(() => {
    const tree = readTree(node, at)
    return tree && renderTree(tree, earlyScope(loader.extra))
  })
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'string' ? value : undefined
}

export function namesLocalhost(pattern: string): boolean {
  return /(^|[,:&!\s])localhost($|[,:\s])/.test(pattern)
}

/** The inventory with the host that every run has; in no group, not even `all`. */
export function withLocalhost({ inventory, localhost }: Hosts): Inventory {
  if (inventory.hosts.has('localhost')) return inventory
  return { ...inventory, hosts: new Map([...inventory.hosts, ['localhost', localhost]]) }
}
