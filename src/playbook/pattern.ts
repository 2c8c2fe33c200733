import picomatch from 'picomatch'
import type { Diagnostic } from '../core/diagnostic.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import type { Span } from '../core/span.ts'
import type { Inventory } from './model.ts'

export interface Matched {
  /** In inventory order. */
  readonly hosts: readonly string[]
  readonly mistakes: readonly Diagnostic[]
}

/**
 * The hosts of a pattern: names, groups, globs, `~regex`, `group[0:2]`, joined by `:` or `,`; `&` keeps only those also
 * in it, `!` takes out. As in Ansible, whatever the order, all that is added comes first, then `&`, then `!`.
 */
export function matchPattern(pattern: string, inventory: Inventory, span?: Span): Matched {
  const terms = splitPattern(pattern)
  const mistakes: Diagnostic[] = []
  const resolve = (term: string) => hostsOf(term, inventory, diagnostic => mistakes.push({ ...diagnostic, span }))
  const adding = terms.filter(term => !/^[!&]/.test(term))
  const start = adding.length > 0 ? adding.flatMap(resolve) : (inventory.groups.get('all') ?? [])
  let hosts = new Set(start)
  for (const term of terms.filter(term => term.startsWith('&'))) {
    const kept = new Set(resolve(term.slice(1)))
    hosts = new Set([...hosts].filter(host => kept.has(host)))
  }
  for (const term of terms.filter(term => term.startsWith('!'))) {
    for (const host of resolve(term.slice(1))) hosts.delete(host)
  }
  return { hosts: [...inventory.hosts.keys()].filter(host => hosts.has(host)), mistakes }
}

/** Splits at `,` and `:` outside brackets; an address with several colons is one term, and a regular expression too. */
export function splitPattern(pattern: string): readonly string[] {
  const byComma = split(pattern, ',')
  return byComma.flatMap(part => (part.startsWith('~') || isAddress(part) ? [part] : split(part, ':')))
}

function split(text: string, separator: string): readonly string[] {
  const parts: string[] = ['']
  let depth = 0
  for (const char of text) {
    if (char === '[') depth++
    if (char === ']') depth--
    if (char === separator && depth <= 0) parts.push('')
    else parts[parts.length - 1] += char
  }
  return parts.map(part => part.trim()).filter(part => part !== '')
}

function isAddress(text: string): boolean {
  return /^[0-9a-fA-F]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$/.test(text)
}

type Complain = (diagnostic: Diagnostic) => void

function hostsOf(term: string, inventory: Inventory, complain: Complain): readonly string[] {
  if (term.startsWith('~')) return byRegex(term.slice(1), inventory, complain)
  const slice = /^(.+)\[(-?\d+)?(?::(-?\d+)?)?\]$/.exec(term)
  if (slice && !inventory.hosts.has(term)) return sliced(slice, inventory, complain)
  if (term === 'all' || term === '*') return inventory.groups.get('all') ?? []
  if (inventory.hosts.has(term)) return [term]
  const group = inventory.groups.get(term)
  if (group) return group
  if (/[*?[]/.test(term)) return byTest(inventory, picomatch(term))
  return unknown(term, inventory, complain)
}

function byRegex(source: string, inventory: Inventory, complain: Complain): readonly string[] {
  try {
    const regex = new RegExp(`^(?:${source})`)
    return byTest(inventory, name => regex.test(name))
  } catch {
    complain({ code: 'wrong-value', message: `'~${source}' is not a regular expression` })
    return []
  }
}

/** Hosts whose name, or one of whose groups' names, passes. */
function byTest(inventory: Inventory, test: (name: string) => boolean): readonly string[] {
  const named = [...inventory.hosts.keys()].filter(name => test(name))
  const grouped = [...inventory.groups].filter(([name]) => test(name)).flatMap(([, hosts]) => hosts)
  return [...named, ...grouped]
}

function sliced(match: RegExpExecArray, inventory: Inventory, complain: Complain): readonly string[] {
  const [whole, base = '', first, last] = match
  const hosts = hostsOf(base, inventory, complain)
  if (!whole.includes(':', base.length)) return hosts.slice(Number(first)).slice(0, 1)
  // Ansible's slices include their end.
  const end = last === undefined || last === '-1' ? undefined : Number(last) + 1
  return hosts.slice(Number(first ?? 0), end)
}

function unknown(term: string, inventory: Inventory, complain: Complain): readonly string[] {
  const known = [...inventory.hosts.keys(), ...inventory.groups.keys()]
  const near = didYouMean(term, known)
  const groups = [...inventory.groups.keys()].filter(name => name !== 'ungrouped').slice(0, 12)
  const hint =
    near === undefined
      ? `groups are ${groups.join(', ')}; \`pitool inventory --list\` shows all`
      : `did you mean '${near}'?`
  complain({ code: 'unknown-host', message: `no host or group of the inventory is named '${term}'`, hint })
  return []
}
