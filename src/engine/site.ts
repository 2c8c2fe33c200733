import type { ChangeKind } from '../changes/kind.ts'
import type { FrameOptions, Identity } from '../core/connection.ts'
import { Failure } from '../core/diagnostic.ts'
import type { Question } from '../core/question.ts'
import { reveal, type Text } from '../core/secret.ts'
import { quote } from '../core/sh.ts'
import type { QuestionKind } from '../questions/kind.ts'
import type { Open } from './foresight.ts'
import type { HostState } from './host.ts'
import type { Promises } from './promises.ts'

/** Where and as whom one task acts: the ground under asking, carrying and settling. */
export interface Site {
  /** The host the task acts on: its delegate where it has one. */
  readonly acting: HostState
  readonly hosts: ReadonlyMap<string, HostState>
  readonly kinds: Kinds
  /** Answers come from the prediction; nothing is carried. */
  readonly predicting: boolean
  readonly environment: readonly (readonly [name: string, value: Text])[]
  /** For questions. */
  readonly frame: FrameOptions
  /** For changes: one that has begun is not called off as easily. */
  readonly carrying: FrameOptions
  identity(state: HostState): Identity
  /** Makes a lost connection or shell anew; absent where its loss is expected. Throws Unreachable. */
  readonly mend?: ((state: HostState, lost: Failure) => Promise<void>) | undefined
  /** To be awaited before these go there: what is to be said of secrets in them is said first. */
  readonly beforeSent?:
    | ((state: HostState, identity: Identity, scripts: readonly string[]) => Promise<void>)
    | undefined
  /** Nothing remembered will do: what is looked at again and again until it has come true. */
  readonly fresh?: boolean
  /** What the coming tasks will ask of the same host, to go along with what is asked now. */
  ahead?(now: readonly Open[]): Promise<readonly Open[]>
  /** What is sure to be answered behind the changes that are about to be carried. */
  readonly promises?: Promises
  /** How many changes have been carried anywhere in this run. */
  changes(): number
  /** A change was carried, or may have been: what it made stale on that host is forgotten. */
  spoil(state: HostState, footprint: readonly string[] | 'all'): void
  /** Answers a question of the control side. */
  control(question: Question): Promise<unknown>
}

export interface Kinds {
  readonly questions: ReadonlyMap<string, QuestionKind>
  readonly changes: ReadonlyMap<string, ChangeKind>
}

/** The host a question or change names, or the task's own. */
export function stateOf(site: Site, on: string | undefined): HostState {
  if (on === undefined) return site.acting
  const state = site.hosts.get(on)
  if (state) return state
  const hint = `add '${on}' to the inventory`
  throw new Failure({ code: 'unknown-host', message: `there is no host '${on}' in the inventory`, hint })
}

/** The script with the task's environment exported by the shell itself: no value passes through an argv. */
export function withEnvironment(site: Site, script: string): string {
  const exports = site.environment.map(([name, value]) => `export ${name}=${quote(reveal(value))}\n`)
  return exports.join('') + script
}
