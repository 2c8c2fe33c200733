import { Unknown } from '../core/unknown.ts'
import type { Value } from '../core/value.ts'
import type { Scope } from '../language/scope.ts'
import type { Task } from '../playbook/model.ts'
import { allHold } from './decide.ts'
import { registered, type TaskOutcome } from './outcome.ts'

/** The scope in which a task's own conditions see its result under the name it registers. */
export function withResult(scope: Scope, task: Task, outcome: TaskOutcome): Scope {
  const name = task.register
  if (name === undefined) return scope
  const value: Value = registered(outcome)
  return {
    has: asked => asked === name || scope.has(asked),
    get: asked => (asked === name ? value : scope.get(asked)),
    names: function* () {
      yield name
      yield* scope.names()
    },
  }
}

/** `changed_when` and `failed_when` have the last word on an outcome. */
export function judge(outcome: TaskOutcome, task: Task, outer: Scope): TaskOutcome {
  if (outcome.status === 'skipped' || outcome.veiled || outcome.interrupted) return outcome
  const scope = withResult(outer, task, outcome)
  return judgeChanged(judgeFailed(outcome, task, scope), task, scope)
}

function judgeFailed(outcome: TaskOutcome, task: Task, scope: Scope): TaskOutcome {
  if (!task.failed_when) return outcome
  const failed = allHold(task.failed_when, scope)
  if (failed instanceof Unknown) {
    const result = { ...outcome.result, failed, failed_when_result: failed }
    return { ...outcome, result, assumed: outcome.assumed ?? `failed_when: ${failed.reason}` }
  }
  const result = { ...outcome.result, failed, failed_when_result: failed }
  if (!failed) {
    const status = outcome.status === 'failed' ? (outcome.changes.length > 0 ? 'changed' : 'ok') : outcome.status
    return { ...outcome, status, result: { ...result, changed: status === 'changed' }, diagnostic: undefined }
  }
  const text = task.failed_when.map(condition => condition.text).join(' and ')
  const span = task.failed_when[0]!.span
  const diagnostic = outcome.diagnostic ?? {
    code: 'task-failed' as const,
    message: `failed_when: ${text} is true`,
    span,
  }
  return { ...outcome, status: 'failed', result, diagnostic }
}

function judgeChanged(outcome: TaskOutcome, task: Task, scope: Scope): TaskOutcome {
  if (!task.changed_when || outcome.status === 'failed') return outcome
  const changed = allHold(task.changed_when, scope)
  const result = { ...outcome.result, changed }
  if (changed instanceof Unknown) {
    return { ...outcome, status: 'unknown', result, unknown: `would be decided by changed_when: ${changed.reason}` }
  }
  return { ...outcome, status: changed ? 'changed' : 'ok', result }
}
