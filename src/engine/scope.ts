import { Mistake } from '../core/diagnostic.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import type { Value } from '../core/value.ts'
import { renderTree } from '../language/index.ts'
import type { Scope, Tree } from '../language/scope.ts'
import { type Rank, ranks, type VarLayer } from '../playbook/model.ts'

/** A value that is there already: a register, a loop's item. Never compiled: it may be a host's output. */
export class Given {
  readonly value: Value
  constructor(value: Value) {
    this.value = value
  }
}

/** A value that is made at its first look. */
export class Lazy {
  readonly compute: () => Value
  constructor(compute: () => Value) {
    this.compute = compute
  }
}

export type Entry = Tree | Given | Lazy
export interface Layer {
  readonly rank: Rank | 'loop' | 'magic'
  readonly vars: ReadonlyMap<string, Entry>
}

const strength = new Map<string, number>([
  ...ranks.map((rank, i) => [rank, i] as const),
  ['loop', ranks.indexOf('extra vars') - 0.5],
  ['magic', ranks.length],
])

/** Strongest first; among equals the later one is stronger. */
export function byStrength(layers: readonly (Layer | VarLayer)[]): readonly Layer[] {
  const weakestFirst = [...layers].sort((a, b) => strength.get(a.rank)! - strength.get(b.rank)!)
  return weakestFirst.reverse()
}

/** What a task sees: layers looked through from the strongest, each variable's own template rendered at its first use. */
export class TaskScope implements Scope {
  readonly #layers: readonly Layer[]
  readonly #known = new Map<string, Value>()
  readonly #rendering = new Set<string>()

  constructor(layers: readonly Layer[]) {
    this.#layers = layers
  }

  /** The same variables, none of them rendered yet. */
  anew(): TaskScope {
    return new TaskScope(this.#layers)
  }

  has(name: string): boolean {
    return this.entry(name) !== undefined
  }

  /** The definition that wins, unrendered. */
  entry(name: string): Entry | undefined {
    for (const layer of this.#layers) {
      const entry = layer.vars.get(name)
      if (entry !== undefined) return entry
    }
    return undefined
  }

  get(name: string): Value | undefined {
    if (this.#known.has(name)) return this.#known.get(name)
    const entry = this.entry(name)
    if (entry === undefined) return undefined
    const value = this.#value(name, entry)
    this.#known.set(name, value)
    return value
  }

  #value(name: string, entry: Entry): Value {
    if (entry instanceof Given) return entry.value
    if (entry instanceof Lazy) return entry.compute()
    if (this.#rendering.has(name)) {
      const chain = [...this.#rendering, name].join(' → ')
      const message = `the variable '${name}' is defined by itself: ${chain}`
      throw new Mistake({ code: 'variable-loop', message, span: entry.span, hint: 'give one of them a plain value' })
    }
    this.#rendering.add(name)
    try {
      return renderTree(entry, this)
    } finally {
      this.#rendering.delete(name)
    }
  }

  *names(): Iterable<string> {
    for (const layer of this.#layers) yield* layer.vars.keys()
  }

  suggestion(name: string): string | undefined {
    return didYouMean(name, [...this.names()])
  }
}

/** All variables of a scope as an object whose fields are rendered when looked at (`hostvars`). */
export function lazyObject(
  names: Iterable<string>,
  get: (name: string) => Value | undefined,
): { readonly [k: string]: Value } {
  const object: { [k: string]: Value } = {}
  for (const name of new Set(names)) {
    Object.defineProperty(object, name, { enumerable: true, configurable: true, get: () => get(name) ?? null })
  }
  return object
}
