import type { TaskRef } from '../core/event.ts'
import type { Task } from '../playbook/model.ts'
import { caught } from './caught.ts'
import { truth } from './decide.ts'
import type { HostState } from './host.ts'
import type { TaskOutcome } from './outcome.ts'

/** Whether `ignore_errors` lets a failure go. */
export function ignores(
  task: Pick<Task, 'keywords' | 'span'>,
  state: HostState,
  scope: Parameters<typeof truth>[1],
): boolean {
  const { ignore_errors } = task.keywords
  if (typeof ignore_errors !== 'object') return ignore_errors === true
  const said = caught(task, state, () => truth(ignore_errors, scope))
  return 'value' in said && said.value === true
}

/** What a rescue may look at, by Ansible's names. */
export function remember(state: HostState, { name, module, place }: TaskRef, { result }: TaskOutcome): void {
  state.register('ansible_failed_task', { name, action: module, place })
  state.register('ansible_failed_result', result)
}
