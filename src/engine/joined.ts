import { isDeepStrictEqual } from 'node:util'
import type { Outcome } from '../core/change.ts'
import type { Plan } from '../core/module.ts'
import type { Vars } from '../core/value.ts'
import type { Item, Task } from '../playbook/model.ts'
import type { HostState } from './host.ts'

/** A task, or one item of its loop, whose changes rode in the frame of an earlier one. */
export interface Joined {
  readonly task: Task
  readonly args: Vars
  readonly plan: Plan
  /** Of its changes; undefined: nobody knows how many of them were made. */
  readonly outcomes: readonly Outcome[] | undefined
}

/** What a task whose turn has come has done already; each is taken once. */
export function takeJoined(state: HostState, task: Task, args: Vars): Joined | undefined {
  const [next, ...rest] = state.joined
  if (next?.task !== task) return undefined
  state.joined = rest
  // Wished otherwise by now, it is to be looked at anew.
  return isDeepStrictEqual(next.args, args) ? next : { ...next, outcomes: undefined }
}

/** Whether this task, or one of this block, has done something ahead of its turn. */
export function hasJoined(state: HostState, item: Item | Task): boolean {
  if (state.joined.length === 0) return false
  if (item.kind === 'block') return [...item.block, ...item.always].some(one => hasJoined(state, one))
  return state.joined.some(({ task }) => task === item)
}
