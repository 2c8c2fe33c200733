import type { Change, Diff, Outcome } from '../core/change.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Section } from '../core/section.ts'
import type { Shadow } from '../core/shadow.ts'

export interface Carry {
  /** Shell text; runs under `set -e` in a subshell with input from /dev/null. */
  readonly script: string
  /** It may be slow, loud, or leave children holding its output: give it a channel of its own. */
  readonly own?: boolean
  /** Nothing that it leaves running holds its output: what is asked next, and the next such change, may follow it there. */
  readonly still?: boolean
  /** Seconds; the task's `timeout` is stronger. */
  readonly timeout?: number
  /**
   * A file of the control side (absolute path) that the script reads on its standard input, streamed over a channel
   * of its own instead of /dev/null.
   */
  readonly input?: Input
}

export interface Input {
  readonly file: string
  /** SHA-256 in hex, as planned: a file that has changed since never arrives whole. */
  readonly digest: string
  /** Bytes. */
  readonly size: number
}

/** One script for so many neighbours: it does all of them, or fails with the first that it has not done. */
export interface Together {
  readonly script: string
  readonly of: number
}

/** One kind of thing to do. */
export interface ChangeKind<C extends Change = Change> {
  readonly kind: C['kind']
  carry(change: C): Carry
  /** Neighbours in one frame, in their order, with fewer processes than one by one; their `of` add up to all. */
  together?(changes: readonly C[]): readonly Together[]
  /** What it gave back, for `later`; only called when it exited 0. */
  outcome?(section: Section, change: C): Outcome
  /** Cause and cure when it exited non-zero; undefined: the general explanation is used. */
  explain?(section: Section, change: C): Diagnostic | undefined
  /** Over a NEW connection after it was carried: shell text that must exit 0, or the change takes itself back. */
  confirm?(change: C, section: Section): Carry | undefined
  /** True: it may ride with changes of other tasks. Quick and quiet, with no channel of its own, as good made twice, and its footprint holds whatever it touches. */
  joins?(change: C): boolean
  /** Footprints of questions whose answers behind it are sure: what `fold` and `predict` make of those before it. */
  foretells?(change: C): readonly string[]
  /** False: it must not be made twice where nobody knows whether it was made. What a plan made anew still wants mostly may be. */
  repeatable?(change: C): boolean
  fold(shadow: Shadow, change: C): void
  diff(change: C): Diff
  /** What becomes stale, as `kind` or `kind:key` of questions; 'all' for what may do anything. */
  footprint(change: C): readonly string[] | 'all'
}
