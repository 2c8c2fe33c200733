import type { Diagnostic } from '../core/diagnostic.ts'
import type { Cut, ShownChange, Status } from '../core/event.ts'
import type { Unknown } from '../core/unknown.ts'
import type { Value, Vars } from '../core/value.ts'

/** How one task, or one item of its loop, ended on one host. */
export interface TaskOutcome {
  readonly status: Status
  /** What `register` keeps. */
  readonly result: Vars
  readonly changes: readonly ShownChange[]
  /** All of the result is Unknown: `register` keeps this instead. */
  readonly veiled?: Unknown | undefined
  readonly item?: string | undefined
  readonly message?: string | undefined
  readonly unknown?: string | undefined
  readonly assumed?: string | undefined
  readonly diagnostic?: Diagnostic | undefined
  /** A signal cut it short. */
  readonly interrupted?: Cut | undefined
}

export function skipped(reason: string): TaskOutcome {
  return {
    status: 'skipped',
    result: { changed: false, skipped: true, skip_reason: reason },
    changes: [],
    message: reason,
  }
}

/** A task of which a check cannot tell what it does. */
export function undecided(unknown: Unknown): TaskOutcome {
  const result = { changed: unknown, failed: false }
  return { status: 'unknown', result, veiled: unknown, changes: [], unknown: unknown.reason }
}

export function failure(diagnostic: Diagnostic, result: Vars = {}): TaskOutcome {
  const said = { changed: false, failed: true, msg: diagnostic.message }
  return { status: 'failed', result: { ...said, ...result, failed: true }, changes: [], diagnostic }
}

const weight: Readonly<Record<Status, number>> = {
  skipped: 0,
  ok: 1,
  unknown: 2,
  changed: 3,
  failed: 4,
  unreachable: 5,
}

/** The loop as a whole: its worst item decides; `results` holds them all. */
export function combine(items: readonly TaskOutcome[]): TaskOutcome {
  const worst = items.reduce((a, b) => (weight[b.status] > weight[a.status] ? b : a))
  const failed = items.some(item => item.status === 'failed')
  const result: Vars = {
    changed: items.some(item => item.status === 'changed'),
    failed,
    skipped: items.every(item => item.status === 'skipped'),
    results: items.map(registered),
    msg: failed ? 'one or more items failed' : 'all items completed',
  }
  return { ...worst, veiled: undefined, item: undefined, changes: [], result, interrupted: cutOf(items) }
}

/** An item given up after others were done leaves the loop in its midst. */
function cutOf(items: readonly TaskOutcome[]): Cut | undefined {
  const cut = items.find(item => item.interrupted !== undefined)?.interrupted
  return cut === 'given-up' && items.some(item => item.status === 'changed') ? 'stopped' : cut
}

/** What `register` keeps of an outcome. */
export function registered(outcome: TaskOutcome): Value {
  return outcome.veiled ?? outcome.result
}
