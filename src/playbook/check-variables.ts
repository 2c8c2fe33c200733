import { didYouMean } from '../core/did-you-mean.ts'
import { place, type Span } from '../core/span.ts'
import type { Reference, Tree } from '../language/scope.ts'
import { magicNames, rescueNames, roleNames } from './definitions.ts'
import type { Host, VarLayer } from './model.ts'
import type { Problems } from './problems.ts'
import { type Gap, View } from './variables-of-host.ts'

/** What is the same for all tasks of a play. */
export interface Ground {
  readonly hosts: readonly Host[]
  /** Play vars, vars_files and -e. */
  readonly layers: readonly VarLayer[]
  /** Registered, set as facts, or included, anywhere in this play or before. */
  readonly defined: ReadonlySet<string>
  readonly problems: Problems
}

/** What one task reads. */
export interface Asked {
  readonly references: readonly Reference[]
  readonly layers: readonly VarLayer[]
  /** Names that exist for it alone. */
  readonly locals: ReadonlySet<string>
  /** It runs on every host, whatever they are: a name that only some of them lack is a mistake. */
  readonly everywhere: boolean
}

interface Finding {
  readonly gap: Gap
  readonly lacking: Set<string>
}

/** Finds names that no host of a play defines, or some do not, before any of them is reached. */
export class VariableCheck {
  readonly #ground: Ground
  readonly #settled: ReadonlySet<string>
  readonly #views = new Map<readonly VarLayer[], Map<Host, View>>()

  constructor(ground: Ground) {
    this.#ground = ground
    this.#settled = new Set([...ground.defined, ...magicNames, ...roleNames, ...rescueNames])
  }

  check(asked: Asked): void {
    const findings = new Map<string, Finding>()
    for (const host of this.#ground.hosts) {
      const view = this.#view(host, asked.layers)
      for (const reference of asked.references) {
        for (const gap of gapsOf(reference, asked.locals, view)) note(findings, gap, host)
      }
    }
    for (const finding of findings.values()) this.#report(finding, asked)
  }

  #view(host: Host, layers: readonly VarLayer[]): View {
    const views = this.#views.get(layers) ?? new Map<Host, View>()
    this.#views.set(layers, views)
    const known = views.get(host)
    if (known) return known
    const view = new View([...host.layers, ...this.#ground.layers, ...layers], this.#settled)
    views.set(host, view)
    return view
  }

  #report({ gap, lacking }: Finding, asked: Asked): void {
    const { hosts, problems } = this.#ground
    const { span } = gap.reference
    if (gap.loop) {
      const message = `the variable '${gap.chain[0]}' is defined by itself: ${gap.chain.join(' → ')}`
      problems.add({ code: 'variable-loop', message, span, hint: 'give one of them a plain value, or another name' })
      return
    }
    const all = lacking.size === hosts.length
    if (!all && !asked.everywhere) return
    const who = all ? '' : ` on ${listed([...lacking])}`
    const message = `'${nameOf(gap.reference)}' is not defined${who}`
    problems.add({ code: 'undefined-variable', message, span, hint: this.#hint(gap.reference, asked, all) })
  }

  #hint({ root }: Reference, asked: Asked, all: boolean): string | undefined {
    if (root === 'item') return '`item` exists only in a task with a `loop`'
    if (root.startsWith('ansible_')) return `facts are written ansible_facts.${root.slice('ansible_'.length)}`
    const names = this.#ground.hosts.flatMap(host => [...this.#view(host, asked.layers).names()])
    const near = didYouMean(root, new Set([...names, ...this.#settled, ...asked.locals]))
    if (near !== undefined) return `did you mean '${near}'?`
    return all
      ? 'define it in the inventory, in `vars`, or by -e; or guard it with `default`'
      : 'define it for them, or add a `when`'
  }
}

function gapsOf(reference: Reference, locals: ReadonlySet<string>, view: View): readonly Gap[] {
  const { root, guarded } = reference
  if (locals.has(root)) return []
  const inner = view.gaps(root).filter(gap => gap.loop || !locals.has(gap.reference.root))
  const missing = !guarded && (!view.has(root) || lacksPath(view.tree(root), reference.path))
  return missing ? [{ reference, chain: [], loop: false }, ...inner] : inner
}

/** Whether a map that stands in the project has no such key; what a template gives is not known yet. */
function lacksPath(tree: Tree | undefined, path: Reference['path']): boolean {
  const [part, ...rest] = path
  if (tree?.kind !== 'map' || part === undefined) return false
  const next = tree.entries.get(String(part))
  return next === undefined ? !tree.keys.has(String(part)) : lacksPath(next, rest)
}

function note(findings: Map<string, Finding>, gap: Gap, host: Host): void {
  const key = `${spanKey(gap.reference.span)} ${nameOf(gap.reference)}`
  const finding = findings.get(key) ?? { gap, lacking: new Set<string>() }
  finding.lacking.add(host.name)
  findings.set(key, finding)
}

function spanKey(span: Span): string {
  return place(span)
}

function nameOf({ root, path }: Reference): string {
  return [root, ...path].join('.')
}

function listed(hosts: readonly string[]): string {
  return hosts.length > 5 ? `${hosts.slice(0, 5).join(', ')} and ${hosts.length - 5} more` : hosts.join(', ')
}
