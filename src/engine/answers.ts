interface Known {
  readonly value: unknown
  readonly kind: string
  /** What a footprint may name. */
  readonly names: ReadonlySet<string>
  /** Set for open questions: how many changes there had been anywhere. */
  readonly changes: number | undefined
}

/** What a host has answered in this play and no change has made stale since. The host's own words: predictions come on top. */
export class Answers {
  readonly #known = new Map<string, Known>()
  /** How often something was dropped. */
  drops = 0

  /** `changes` counts the changes carried anywhere: an open answer holds only as long as there are no more. */
  get(key: string, changes: number): { readonly value: unknown } | undefined {
    const known = this.#known.get(key)
    if (known?.changes !== undefined && known.changes !== changes) return undefined
    return known
  }

  keep(key: string, known: Known): void {
    this.#known.set(key, known)
  }

  /** What a footprint touches. */
  touchedBy(footprint: readonly string[]): readonly (readonly [key: string, known: Known])[] {
    return [...this.#known].filter(([, known]) => footprint.some(print => touches(print, known)))
  }

  /** Drops what a change made stale: `kind`, `kind:name`, or all. */
  drop(footprint: readonly string[] | 'all'): void {
    this.drops++
    if (footprint === 'all') this.#known.clear()
    else
      for (const [key, known] of this.#known)
        if (footprint.some(print => touches(print, known))) this.#known.delete(key)
  }
}

function touches(print: string, { kind, names }: Known): boolean {
  if (print === kind) return true
  return print.startsWith(`${kind}:`) && names.has(print.slice(kind.length + 1))
}
