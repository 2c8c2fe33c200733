import { type Diagnostic, Mistake } from '../core/diagnostic.ts'
import { place } from '../core/span.ts'

const most = 200

/** The user's mistakes, collected so that all are shown at once; what is said twice of one place counts once. */
export class Problems {
  readonly #found = new Map<string, Diagnostic>()

  add(diagnostic: Diagnostic): undefined {
    if (this.full) return undefined
    const where = diagnostic.span ? place(diagnostic.span) : ''
    const key = `${diagnostic.code} ${where} ${diagnostic.message}`
    if (!this.#found.has(key)) this.#found.set(key, diagnostic)
    return undefined
  }

  /** So many are shown; more of them come from one cause, or from a file that is no playbook. */
  get full(): boolean {
    return this.#found.size >= most
  }

  /** What the work returns; undefined, and the mistakes kept, where it throws a Mistake. */
  attempt<Result>(work: () => Result): Result | undefined {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof Mistake)) throw error
      for (const diagnostic of error.diagnostics) this.add(diagnostic)
      return undefined
    }
  }

  get list(): readonly Diagnostic[] {
    return [...this.#found.values()]
  }

  get size(): number {
    return this.#found.size
  }

  throwIfAny(): void {
    if (this.#found.size > 0) throw new Mistake(...this.list)
  }
}
