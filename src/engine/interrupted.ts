import { type Diagnostic, Failure } from '../core/diagnostic.ts'
import type { Cut } from '../core/event.ts'
import type { BatchContext } from './context.ts'
import { failure, skipped, type TaskOutcome } from './outcome.ts'

/** A signal came before a task was done. */
export class Interrupted extends Failure {
  readonly cut: Cut
  constructor(cut: Cut, message: string, more: Partial<Diagnostic> = {}) {
    super({ code: 'cancelled', message, ...more })
    this.cut = cut
  }
}

/** The outcome of a task that a signal cut short; undefined where its failure is its own. */
export function cutShort({ deps }: BatchContext, error: Failure): TaskOutcome | undefined {
  if (error instanceof Interrupted) return error.cut === 'given-up' ? givenUp() : cut(error)
  const calledOff = error.diagnostic.code === 'cancelled' && deps.signal.aborted
  return calledOff ? givenUp() : undefined
}

/** Nothing was changed by it. */
export function givenUp(): TaskOutcome {
  return { ...skipped('given up, since the run was interrupted'), interrupted: 'given-up' }
}

function cut({ cut, diagnostic }: Interrupted): TaskOutcome {
  return { ...failure(diagnostic), interrupted: cut }
}
