import type { Section } from '../core/section.ts'
import type { Shadow } from '../core/shadow.ts'
import type { Unknown } from '../core/unknown.ts'

/**
 * One kind of thing to look at. The engine groups all questions of a kind that are open on a host into one script.
 * Methods, not function properties: a kind of narrow arguments stands in a list of kinds.
 */
export interface QuestionKind<Arg = unknown, Ans = unknown> {
  readonly kind: string
  /** Answers depend on more than this host (commands, network, cluster): never used across a change anywhere. */
  readonly open?: boolean
  /** Answered on the control side (`local.*`): the engine does not send it. */
  readonly control?: boolean
  /** Shell text that looks at all of them, printing nothing to be taken for anything but answers. Read-only. */
  sh(args: readonly Arg[]): string
  /** One answer for each argument, in order. Throws a Failure with `bad-answer` on garbage; never guesses. */
  parse(section: Section, args: readonly Arg[]): readonly Ans[]
  /**
   * What its answer hangs on beside its key: a footprint that names `kind:<one of these>` makes it stale too
   * (a file's real path and the folders above it).
   */
  about?(arg: Arg, answer: Ans): readonly string[]
  /** It runs what the user wrote: slow or loud perhaps, so it has a channel of its own. */
  readonly own?: boolean
  /** Bytes that the script for these may print; where absent the frame's usual limit will do. */
  limit?(args: readonly Arg[]): number
  /** The argument as it must be asked of the host under the shadow: a path through predicted links. */
  redirect?(shadow: Shadow, arg: Arg): Arg | Unknown
  /** The answer under the shadow, given the host's own (undefined when not asked yet). undefined: ask the host first. */
  predict?(shadow: Shadow, arg: Arg, actual: Ans | undefined): Ans | Unknown | undefined
}
