import type { ChangeKind } from '../changes/kind.ts'
import type { Dialer } from '../core/connection.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Emit } from '../core/event.ts'
import type { Module } from '../core/module.ts'
import type { Question } from '../core/question.ts'
import type { Section } from '../core/section.ts'
import type { Vars } from '../core/value.ts'
import type { QuestionKind } from '../questions/kind.ts'

/** Everything the engine works with is handed in: it names no module and opens no connection itself. */
export interface Deps {
  readonly dialer: Dialer
  readonly modules: readonly Module[]
  readonly questions: readonly QuestionKind[]
  readonly changes: readonly ChangeKind[]
  /** Cause and cure of a script that failed, where its change kind knows none. */
  explain(section: Section): Diagnostic | undefined
  readonly facts: Facts
  /** Answers `local.*` questions but templates, which the engine renders itself. */
  control(question: Question): Promise<unknown>
  readonly emit: Emit
  /** Keeps what was planned, carried and came of it, before and after it happens. */
  journal(line: JournalLine): void
  /** Ctrl-C: what is asked or waited for is given up, a change under way is finished, nothing new begins. */
  readonly signal: AbortSignal
  /** Ctrl-C again: what runs on the hosts is ended. */
  readonly force?: AbortSignal
}

/** A line of the run's journal: what is about to happen comes before it does. */
export type JournalLine =
  | {
      readonly type: 'planned'
      readonly host: string
      readonly task: JournalTask
      readonly changes: readonly JournalChange[]
    }
  | { readonly type: 'carried'; readonly host: string; readonly task: JournalTask; readonly change: JournalChange }
  | {
      readonly type: 'ended'
      readonly host: string
      readonly task: JournalTask
      readonly status: string
      readonly message?: string
    }

export interface JournalTask {
  readonly name: string
  readonly place: string
}

export interface JournalChange {
  readonly kind: string
  /** Where it was carried. */
  readonly host: string
  readonly summary: string
}

/** How `ansible_facts` is asked: only the names that are referred to, in one question. */
export interface Facts {
  /** All names that `ansible_facts` may have. */
  readonly names: readonly string[]
  question(names: readonly string[]): Question<Vars>
}

export interface RunOptions {
  readonly check: boolean
  /** Diffs in events. */
  readonly diff: boolean
  readonly forks: number
  readonly version: string
  readonly run: string
  readonly playbooks: readonly string[]
  /** Who holds the locks of this run, as others are told: run, user, machine, since when. */
  readonly holder: string
  /** Ask what the coming tasks will ask along with what is asked now. */
  readonly lookAhead: boolean
  /** Seconds to wait for a host that another run has locked; 0: fail at once. */
  readonly waitLock: number
  /** How many -v there are: what `debug` shows from. */
  readonly verbosity: number
}
