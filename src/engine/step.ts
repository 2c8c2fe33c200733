import type PQueue from 'p-queue'
import { Unreachable } from '../core/diagnostic.ts'
import type { TaskRef } from '../core/event.ts'
import type { Handler, Task } from '../playbook/model.ts'
import { caught } from './caught.ts'
import type { BatchContext } from './context.ts'
import { actingHost, type Standing } from './ground.ts'
import type { HostState } from './host.ts'
import { judge } from './judge.ts'
import { failure, type TaskOutcome } from './outcome.ts'
import type { Coming } from './replay.ts'
import { attemptUntil } from './retry.ts'
import type { Entry } from './scope.ts'
import { type Rest, upcoming } from './upcoming.ts'
import { scopeFor } from './variables.ts'

/** A task under way on a host. */
export interface Running {
  /** What comes after it, for looking ahead; a handler's future is not looked at. */
  readonly rest?: Rest | undefined
  readonly task: Task | Handler
  readonly ref: TaskRef
  readonly state: HostState
  /** `throttle`: at most so many hosts at once. */
  readonly narrow?: PQueue | undefined
}

/** One item of a loop, and those that come after it. */
export interface Round {
  readonly vars?: ReadonlyMap<string, Entry>
  readonly index?: number
  readonly siblings?: readonly Coming[]
}

/** One step: it waits for its turn on the host it acts on, then for a slot of the forks. */
export async function step(batch: BatchContext, running: Running, round: Round = {}): Promise<TaskOutcome> {
  const { task, ref, state, rest } = running
  const { vars, index, siblings = [] } = round
  const scope = scopeFor(batch, state, task, vars)
  const standing: Standing = { batch, task, state, scope }
  function* coming() {
    yield* siblings
    yield* upcoming(rest, state)
  }
  const acting = caught(task, state, () => actingHost(standing))
  if ('outcome' in acting) return judge(acting.outcome, task, scope)
  const onWait = (what: string, elapsed: number) =>
    batch.emit({ type: 'host.waiting', task: ref, host: state.name, what, elapsed })
  const onRetry = (n: number, of: number) =>
    batch.emit({ type: 'host.retry', task: ref, host: state.name, attempt: n, of })
  const go = async () => {
    batch.emit({ type: 'host.start', task: ref, host: state.name })
    return attemptUntil({ ...standing, ref, index, coming, onWait, onRetry })
  }
  try {
    return await inTurn(batch, { acting: acting.value, narrow: running.narrow }, go)
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error
    return unreachable(acting.value, { ...standing, lost: error })
  }
}

async function inTurn<Result>(
  batch: BatchContext,
  { acting, narrow }: { readonly acting: HostState; readonly narrow: PQueue | undefined },
  go: () => Promise<Result>,
): Promise<Result> {
  const turn = batch.turns.get(acting.name)!
  const inSlot = async () => (await turn.add(() => batch.forks.add(go))) as Result
  return narrow ? ((await narrow.add(inSlot)) as Result) : inSlot()
}

function unreachable(acting: HostState, { task, state, lost }: Standing & { readonly lost: Unreachable }): TaskOutcome {
  const diagnostic = {
    ...lost.diagnostic,
    host: lost.diagnostic.host ?? acting.name,
    span: lost.diagnostic.span ?? task.span,
  }
  void acting.drop()
  const outcome = failure(diagnostic, { unreachable: true })
  const goesOn = acting !== state || task.keywords.ignore_unreachable === true
  return goesOn ? outcome : { ...outcome, status: 'unreachable' }
}
