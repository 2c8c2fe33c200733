import { setTimeout as sleep } from 'node:timers/promises'
import { attempt } from './attempt.ts'
import { allHold, keyword } from './decide.ts'
import { actingHost, predicts, spoil } from './ground.ts'
import { givenUp } from './interrupted.ts'
import { judge, withResult } from './judge.ts'
import { failure, type TaskOutcome } from './outcome.ts'
import type { Attempt } from './show.ts'

export interface Retrying extends Attempt {
  onRetry(attempt: number, of: number): void
}

/** `until`: the task again, until it has come true or the tries are used up. In a check there is one try. */
export async function attemptUntil(at: Retrying): Promise<TaskOutcome> {
  const { task, scope, batch } = at
  const once = async () => judge(await attempt(at), task, scope)
  if (!task.until) return once()
  const retries = Math.max(0, Number(keyword(task.until.retries, scope)))
  const delay = Math.max(0, Number(keyword(task.until.delay, scope)))
  for (let tries = 1; ; tries++) {
    const outcome = await once()
    if (outcome.status === 'skipped' || outcome.interrupted) return outcome
    const done = arrived(at, outcome)
    if (done === true) return outcome
    if (predicts(at)) return waits(at, outcome)
    if (tries > retries) return usedUp(at, outcome, tries)
    at.onRetry(tries, retries)
    await sleep(delay * 1000, undefined, { signal: batch.deps.signal }).catch(() => undefined)
    if (batch.deps.signal.aborted) return stopped(outcome)
    // While this host was waited for, every host may have become another one.
    spoil(batch, actingHost(at), 'all')
  }
}

/** Given up between two tries: what one of them changed is changed. */
function stopped(outcome: TaskOutcome): TaskOutcome {
  return outcome.changes.length > 0 ? { ...outcome, interrupted: 'stopped' } : givenUp()
}

function arrived({ task, scope }: Retrying, outcome: TaskOutcome): boolean {
  const conditions = task.until?.until
  if (!conditions) return outcome.status !== 'failed'
  return allHold(conditions, withResult(scope, task, outcome)) === true
}

function waits({ task }: Retrying, outcome: TaskOutcome): TaskOutcome {
  const what = task.until?.until?.map(condition => condition.text).join(' and ') ?? 'success'
  return { ...outcome, status: 'unknown', unknown: `would wait until ${what}`, diagnostic: undefined }
}

function usedUp({ task, state }: Retrying, outcome: TaskOutcome, tries: number): TaskOutcome {
  const result = { ...outcome.result, attempts: tries }
  if (outcome.status === 'failed') return { ...outcome, result }
  const what = task.until?.until?.map(condition => condition.text).join(' and ') ?? 'success'
  const message = `did not come true in ${tries} tries: ${what}`
  return failure({ code: 'wait-timeout', message, span: task.span, host: state.name }, result)
}
