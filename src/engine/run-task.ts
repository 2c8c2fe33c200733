import { setTimeout as sleep } from 'node:timers/promises'
import PQueue from 'p-queue'
import type { Stood } from '../core/event.ts'
import { isList } from '../core/value.ts'
import type { Handler, Task } from '../playbook/model.ts'
import { announce, settleCounts } from './announce.ts'
import { caught } from './caught.ts'
import type { BatchContext } from './context.ts'
import { ignores, remember } from './failing.ts'
import { type Standing, siteOf } from './ground.ts'
import type { HostState } from './host.ts'
import { givenUp } from './interrupted.ts'
import { hasItemJoined, hasJoined } from './joined.ts'
import { withResult } from './judge.ts'
import { forget } from './ledger.ts'
import { itemOf, labelOf, loopItems, loopVars } from './loop.ts'
import { notifiable, notify } from './notify.ts'
import { combine, registered, skipped, type TaskOutcome } from './outcome.ts'
import { type Running, step } from './step.ts'
import { refOf } from './task-ref.ts'
import type { Rest } from './upcoming.ts'
import { scopeFor } from './variables.ts'

/** One task on all hosts of a batch: in parallel, and done when all of them are. */
export async function runTask(
  batch: BatchContext,
  task: Task | Handler,
  hosts: readonly HostState[],
  rest?: Rest,
): Promise<void> {
  const [first] = hosts
  if (!first || (batch.deps.signal.aborted && !hosts.some(host => hasJoined(host, task)))) return
  const ref = refOf(batch, task, first)
  const running = task.keywords.run_once ? [first] : hosts
  batch.emit({ type: 'task.start', task: ref, hosts: running.map(host => host.name) })
  const narrow = task.keywords.throttle === undefined ? undefined : new PQueue({ concurrency: task.keywords.throttle })
  await Promise.all(running.map(state => runOnHost(batch, { task, ref, state, rest, narrow })))
  if (task.keywords.run_once) share(task, first, hosts)
  batch.emit({ type: 'task.end', task: ref })
}

/** `run_once`: its register, and its failure, are everybody's. */
function share(task: Task, first: HostState, hosts: readonly HostState[]): void {
  const known = task.register === undefined ? undefined : first.registered.get(task.register)
  for (const state of hosts) {
    if (known) state.registered.set(task.register!, known)
    if (first.failed) state.failed = true
  }
}

async function runOnHost(batch: BatchContext, running: Running): Promise<void> {
  const { task, ref, state } = running
  const started = performance.now()
  const scope = scopeFor(batch, state, task)
  const outcome = await outcomeOn(batch, running)
  state.stood = { task: ref, how: howOf(outcome) }
  if (task.register !== undefined) state.register(task.register, registered(outcome))
  const failed = outcome.status === 'failed' && !outcome.interrupted
  const ignored = failed && ignores(task, state, withResult(scope, task, outcome))
  const standing: Standing = { batch, task, state, scope }
  const told = caught(task, state, () => notify(standing, outcome))
  const whole = 'outcome' in told ? told.outcome : outcome
  if (whole.status === 'failed' && !ignored) remember(state, ref, whole)
  const notified = 'value' in told ? told.value.map(handler => handler.address) : []
  settleCounts(state, whole, ignored)
  // What rode along with what failed is not behind it: whatever comes next looks by itself.
  if (!state.alive) state.joined = []
  if (task.notify.length > 0) state.passed.add(ref.place)
  record(batch, running, whole)
  if ('value' in told) await forgetUnowed(standing, outcome, told.value)
  // The items of a loop have been announced one by one.
  if (!task.loop || whole !== outcome)
    announce(batch, running, { outcome: whole, ignored, notified, ms: performance.now() - started })
}

function howOf({ status, interrupted }: TaskOutcome): Stood['how'] {
  return interrupted ?? (status === 'failed' || status === 'unreachable' ? 'failed' : 'done')
}

/** Its changes came to nothing worth a handler (`changed_when`): the notes that were made for it go. A failure keeps them. */
async function forgetUnowed(standing: Standing, { status }: TaskOutcome, owed: readonly Handler[]): Promise<void> {
  const { batch, state } = standing
  if (status !== 'ok' || owed.length > 0 || standing.task.notify.length === 0) return
  const mine = caught(standing.task, state, () => notifiable(standing))
  if (!('value' in mine)) return
  // Of what has been done ahead of its turn it is not known yet to all.
  const owing = new Set([...state.notified.keys(), ...state.joined.flatMap(({ owes }) => owes)])
  const addresses = mine.value.map(handler => handler.address).filter(address => !owing.has(address))
  if (addresses.some(address => state.marked.has(address))) await forget(batch, siteOf(standing), { state, addresses })
}

/** A skipped task and one with nothing to do are no part of a run's story. */
function record({ deps }: BatchContext, { task, ref, state }: Running, { status, diagnostic }: TaskOutcome): void {
  if (status === 'ok' || status === 'skipped' || status === 'unknown') return
  const message = diagnostic === undefined || task.keywords.no_log ? {} : { message: diagnostic.message }
  deps.journal({ type: 'ended', host: state.name, task: { name: ref.name, place: ref.place }, status, ...message })
}

async function outcomeOn(batch: BatchContext, running: Running): Promise<TaskOutcome> {
  const { task, state } = running
  if (!task.loop) return step(batch, running)
  const items = loopItems(batch, running, task.loop)
  if (!isList(items)) return announced(batch, running, items)
  if (items.length === 0) return announced(batch, running, skipped('the loop has no items'))
  const outcomes: TaskOutcome[] = []
  let isCut = false
  for (const [index, item] of items.entries()) {
    if (batch.deps.signal.aborted && !hasItemJoined(state, task, index)) {
      isCut = true
      if (hasJoined(state, task)) continue
      break
    }
    const vars = loopVars(task.loop, item, { index, of: items.length })
    if (index > 0 && task.loop.pause !== undefined) await pause(batch, task.loop.pause)
    const started = performance.now()
    const siblings = items
      .slice(index + 1)
      .map((next, i) => ({ index: index + 1 + i, next }))
      .map(({ index, next }) => ({ task, index, vars: loopVars(task.loop!, next, { index, of: items.length }) }))
    // Behind a loop that has failed comes nothing.
    const rest = outcomes.some(({ status }) => status === 'failed') ? undefined : running.rest
    const done = await step(batch, { ...running, rest }, { vars, index, siblings })
    const result = { ...done.result, ...itemOf(task.loop, item, index) }
    const outcome = { ...done, result, item: labelOf(batch, running, vars) }
    const ignored = outcome.status === 'failed' && ignores(task, state, scopeFor(batch, state, task, vars))
    announce(batch, running, { outcome, ignored, ms: performance.now() - started })
    outcomes.push(outcome)
    if (outcome.status === 'unreachable' || outcome.interrupted) break
  }
  if (isCut) outcomes.push(givenUp())
  return combine(outcomes)
}

/** Seconds between the items of a loop; Ctrl-C ends it. */
async function pause({ deps }: BatchContext, seconds: number): Promise<void> {
  await sleep(seconds * 1000, undefined, { signal: deps.signal }).catch(() => undefined)
}

function announced(batch: BatchContext, running: Running, outcome: TaskOutcome): TaskOutcome {
  const { task, state } = running
  const ignored = outcome.status === 'failed' && ignores(task, state, scopeFor(batch, state, task))
  announce(batch, running, { outcome, ignored, ms: 0 })
  return outcome
}
