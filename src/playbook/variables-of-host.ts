import { treeReferences } from '../language/index.ts'
import type { Reference, Tree } from '../language/scope.ts'
import { byRank } from './layers.ts'
import type { VarLayer } from './model.ts'

/** A name that a variable's own text reads and nobody defines, or a chain of variables that comes back to itself. */
export interface Gap {
  readonly reference: Reference
  /** Names from the variable that was asked for to the one whose text this is; the loop, where it is one. */
  readonly chain: readonly string[]
  readonly loop: boolean
}

/** What variables are, seen from one task on one host: the layers it looks through, weakest first. */
export class View {
  readonly #vars = new Map<string, Tree>()
  readonly #gaps = new Map<string, readonly Gap[]>()
  readonly #settled: ReadonlySet<string>

  /** `settled`: names that exist while running, whatever the layers say. */
  constructor(layers: readonly VarLayer[], settled: ReadonlySet<string>) {
    this.#settled = settled
    for (const layer of byRank(layers)) for (const [name, tree] of layer.vars) this.#vars.set(name, tree)
  }

  has(name: string): boolean {
    return this.#vars.has(name) || this.#settled.has(name)
  }

  names(): Iterable<string> {
    return this.#vars.keys()
  }

  tree(name: string): Tree | undefined {
    return this.#settled.has(name) ? undefined : this.#vars.get(name)
  }

  /** What is missing in the text of a variable, and in those it reads. */
  gaps(name: string, chain: readonly string[] = []): readonly Gap[] {
    const known = this.#gaps.get(name)
    if (known) return known
    const tree = this.tree(name)
    if (!tree) return []
    const at = [...chain, name]
    const gaps = treeReferences(tree).flatMap(reference => this.#gapsOf(reference, at))
    // What is found inside a loop depends on where it was entered: only whole answers are kept.
    if (!gaps.some(gap => gap.loop)) this.#gaps.set(name, gaps)
    return gaps
  }

  #gapsOf(reference: Reference, chain: readonly string[]): readonly Gap[] {
    const { root, guarded } = reference
    if (chain.includes(root)) return [{ reference, chain: [...chain.slice(chain.indexOf(root)), root], loop: true }]
    if (this.has(root)) return this.gaps(root, chain)
    return guarded ? [] : [{ reference, chain, loop: false }]
  }
}
