import type { ChangeKind } from '../changes/kind.ts'
import type { Change } from '../core/change.ts'
import { Shadow } from '../core/shadow.ts'
import { Answers } from './answers.ts'
import type { Open } from './foresight.ts'

/** What a host will answer once changes that are about to be carried have been: where they tell that beforehand. */
export class Promises {
  /** What it said before them. */
  readonly #before = new Answers()
  readonly #shadow = new Shadow()

  /** Before what the host has answered is dropped because of this change. */
  add(kind: ChangeKind, change: Change, footprint: readonly string[] | 'all', answers: Answers): void {
    const sure = kind.foretells?.(change) ?? []
    const kept = [...this.#before.touchedBy(sure), ...answers.touchedBy(sure)]
    this.#before.drop(footprint)
    if (kept.length === 0) return
    kind.fold(this.#shadow, change)
    for (const [key, known] of kept) this.#before.keep(key, known)
  }

  /** Undefined where nothing is promised. */
  answer(key: string, { kind, arg }: Open): { readonly value: unknown } | undefined {
    const before = this.#before.get(key, 0)
    const value = before && kind.predict?.(this.#shadow, arg, before.value)
    return value === undefined ? undefined : { value }
  }
}
