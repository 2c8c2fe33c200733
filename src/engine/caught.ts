import { Failure, Mistake } from '../core/diagnostic.ts'
import type { Task } from '../playbook/model.ts'
import type { HostState } from './host.ts'
import { failure, type TaskOutcome } from './outcome.ts'

/** What rendering gives, or the outcome of a task that cannot be rendered on this host. */
export function caught<Result>(
  task: Task,
  state: HostState,
  render: () => Result,
): { value: Result } | { outcome: TaskOutcome } {
  try {
    return { value: render() }
  } catch (error) {
    if (error instanceof Mistake)
      return { outcome: failure({ span: task.span, host: state.name, ...error.diagnostics[0]! }) }
    if (error instanceof Failure)
      return { outcome: failure({ span: task.span, host: state.name, ...error.diagnostic }) }
    throw error
  }
}
