import type { Diff } from './change.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { Vars } from './value.ts'

/** Which task, in words and place. */
export interface TaskRef {
  /** Unique within the run, in the order of the play. */
  readonly id: number
  readonly name: string
  readonly module: string
  readonly play: string
  readonly role?: string | undefined
  /** `file:line:column` */
  readonly place: string
  readonly handler: boolean
}

/**
 * How a task ended on a host. `unknown`: a check cannot tell whether it changes anything;
 * `unreachable` ends the host.
 */
export type Status = 'ok' | 'changed' | 'failed' | 'skipped' | 'unknown' | 'unreachable'

export interface Counts {
  readonly ok: number
  readonly changed: number
  readonly failed: number
  readonly skipped: number
  readonly unknown: number
  readonly rescued: number
  readonly ignored: number
  readonly unreachable: boolean
}

/** One change as shown: its kind, where it was made, its diff (already masked; absent with no_log). */
export interface ShownChange {
  readonly kind: string
  readonly host: string
  readonly diff: Diff
}

/**
 * How a signal cut a task short: `given-up` before it changed anything, `stopped` after a whole change of several or
 * while it was waited for, `ended` in a change, so that its outcome is unknown.
 */
export type Cut = 'given-up' | 'stopped' | 'ended'

/** Where a host stood when a run was interrupted. */
export interface Stood {
  /** The last task it came to. */
  readonly task?: TaskRef
  readonly how: 'not-begun' | 'done' | 'failed' | Cut
  /** Addresses of the handlers it is owed still. */
  readonly owed: readonly string[]
}

export type Event =
  | {
      readonly type: 'run.start'
      readonly run: string
      readonly time: string
      readonly version: string
      readonly check: boolean
      readonly playbooks: readonly string[]
      readonly hosts: readonly string[]
    }
  | { readonly type: 'play.start'; readonly play: string; readonly place: string; readonly hosts: readonly string[] }
  | {
      readonly type: 'batch.start'
      readonly play: string
      readonly index: number
      readonly of: number
      readonly hosts: readonly string[]
    }
  | { readonly type: 'host.connected'; readonly host: string; readonly user?: string; readonly ms: number }
  | { readonly type: 'task.start'; readonly task: TaskRef; readonly hosts: readonly string[] }
  | { readonly type: 'host.start'; readonly task: TaskRef; readonly host: string }
  | {
      readonly type: 'host.waiting'
      readonly task: TaskRef
      readonly host: string
      readonly what: string
      readonly elapsed: number
    }
  | {
      readonly type: 'host.retry'
      readonly task: TaskRef
      readonly host: string
      readonly attempt: number
      readonly of: number
    }
  | {
      readonly type: 'host.end'
      readonly task: TaskRef
      readonly host: string
      /** Loop item's label. */
      readonly item?: string | undefined
      readonly status: Status
      /** The host a delegated task acted on. */
      readonly delegate?: string | undefined
      readonly changes: readonly ShownChange[]
      /** The registered result; absent with no_log. */
      readonly result?: Vars | undefined
      readonly message?: string | undefined
      /** Why it is `unknown`, or known only after apply. */
      readonly unknown?: string | undefined
      /** The decision rests on what an earlier planned change may alter. */
      readonly assumed?: string | undefined
      readonly diagnostic?: Diagnostic | undefined
      readonly ignored?: boolean | undefined
      readonly ranInCheck?: boolean | undefined
      readonly notified?: readonly string[] | undefined
      readonly ms: number
    }
  | { readonly type: 'task.end'; readonly task: TaskRef }
  | { readonly type: 'host.unreachable'; readonly host: string; readonly diagnostic: Diagnostic }
  | { readonly type: 'warning'; readonly diagnostic: Diagnostic }
  /** A signal came: `changing` is finished first, or, where it `ends`, ended. */
  | {
      readonly type: 'stopping'
      readonly signal: string
      readonly ends: boolean
      readonly changing: readonly { readonly host: string; readonly task: TaskRef }[]
    }
  | { readonly type: 'cancelled'; readonly signal: string; readonly hosts: { readonly [host: string]: Stood } }
  | { readonly type: 'play.end'; readonly play: string }
  | {
      readonly type: 'run.end'
      readonly check: boolean
      readonly hosts: { readonly [host: string]: Counts }
      readonly questions: { readonly [host: string]: number }
      readonly roundTrips: { readonly [host: string]: number }
      readonly connections: { readonly [host: string]: number }
      readonly bytes: { readonly [host: string]: { readonly sent: number; readonly received: number } }
      readonly ms: number
      readonly exit: number
    }

/** Where events go; reporters are these. */
export type Emit = (event: Event) => void
