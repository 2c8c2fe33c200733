import type { Change } from '../../../src/core/change.ts'
import type { Code } from '../../../src/core/codes.ts'
import type { Question } from '../../../src/core/question.ts'
import type { LabHost } from '../../lab/lab.ts'

/** The kinds of hosts on which each question and each change is tried. */
export const targets = ['bookworm', 'trixie', 'busybox'] as const
export type Target = (typeof targets)[number]

/** Where a kind is refused, with the code that says so; reason and cure are there then. */
export type Refused = { readonly [T in Target]?: Code }

/** What stands ready on the host when a trial is made. */
export interface Ground {
  readonly target: Target
  readonly host: LabHost
  /** On the control side, within the hosts' reach: it serves `served` at any path. */
  readonly url: string
  /** What was answered to a question of that kind before. */
  answer(kind: string): unknown
}

export const served = 'served by the test\n'

export interface QuestionTrial {
  readonly question: Question
  holds(answer: unknown): unknown
  readonly refused: Refused
}

/** A question, and what its answer must be. */
export function says<A>(question: Question<A>, holds: (answer: A) => unknown, refused: Refused = {}): QuestionTrial {
  return { question, holds: answer => holds(answer as A), refused }
}

export interface ChangeTrial {
  readonly change: Change
  /** Shell text that exits 0 where it was done, as the host's root. */
  readonly done: string
  readonly refused: Refused
}

/** A change, and what must be so after it. */
export function does(change: Change, done: string, refused: Refused = {}): ChangeTrial {
  return { change, done, refused }
}

/** By kind, in the order of trying. */
export type Trials<T> = { readonly [kind: string]: (ground: Ground) => T }
