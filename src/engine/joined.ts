import { isDeepStrictEqual } from 'node:util'
import type { Outcome } from '../core/change.ts'
import type { Plan } from '../core/module.ts'
import type { Vars } from '../core/value.ts'
import type { Item, Task } from '../playbook/model.ts'
import type { HostState } from './host.ts'

/** A task, or one item of its loop, whose changes rode in the frame of an earlier one. */
export interface Joined {
  readonly task: Task
  /** Which item of its loop. */
  readonly index: number | undefined
  readonly args: Vars
  readonly plan: Plan
  /** Of its changes; undefined: nobody knows how many of them were made. */
  readonly outcomes: readonly Outcome[] | undefined
  /** Addresses of the handlers it will notify: their notes are there. */
  readonly owes: readonly string[]
}

/** What a task whose turn has come has done already; each is taken once, and what was before it has had its turn. */
export function takeJoined(state: HostState, turn: Pick<Joined, 'task' | 'index' | 'args'>): Joined | undefined {
  const at = state.joined.findIndex(({ task, index }) => task === turn.task && index === turn.index)
  const joined = state.joined[at]
  if (!joined) return undefined
  state.joined = state.joined.slice(at + 1)
  // Wished otherwise by now, it is to be looked at anew.
  return isDeepStrictEqual(joined.args, turn.args) ? joined : { ...joined, outcomes: undefined }
}

/** Whether this task, or one of this block, has done something ahead of its turn. */
export function hasJoined(state: HostState, item: Item | Task): boolean {
  if (state.joined.length === 0) return false
  if (item.kind === 'block') return [...item.block, ...item.always].some(one => hasJoined(state, one))
  return state.joined.some(({ task }) => task === item)
}

/** Whether this item of a loop has. */
export function hasItemJoined(state: HostState, item: Task, at: number): boolean {
  return state.joined.some(({ task, index }) => task === item && index === at)
}
