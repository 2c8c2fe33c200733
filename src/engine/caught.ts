import { Failure, Mistake } from '../core/diagnostic.ts'
import type { Task } from '../playbook/model.ts'
import type { HostState } from './host.ts'
import { failure, type TaskOutcome } from './outcome.ts'

/** What rendering gives, or the outcome of a task that cannot be rendered on this host. */
export function caught<Result>(
  task: Pick<Task, 'span'>,
  state: HostState,
  render: () => Result,
): { value: Result } | { outcome: TaskOutcome } {
  try {
    return { value: render() }
  } catch (error) {
    return { outcome: failureOf(task, state, error) }
  }
}

/** The outcome of a task that met this error on a host. @throws what is no fault of the project or the host. */
export function failureOf({ span }: Pick<Task, 'span'>, { name: host }: HostState, error: unknown): TaskOutcome {
  if (error instanceof Mistake) return failure({ span, host, ...error.diagnostics[0]! })
  if (error instanceof Failure) return failure({ span, host, ...error.diagnostic })
  throw error
}
