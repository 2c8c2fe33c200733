import type { TaskRef } from '../core/event.ts'
import { place } from '../core/span.ts'
import type { Value } from '../core/value.ts'
import type { Handler, Task } from '../playbook/model.ts'
import type { BatchContext } from './context.ts'
import type { HostState } from './host.ts'
import { scopeFor } from './variables.ts'

/** How a task is called in events: its name as the first of its hosts has it, and its place. */
export function refOf(batch: BatchContext, task: Task | Handler, state: HostState): TaskRef {
  const { module, role, span } = task
  return {
    id: batch.nextTask(),
    name: nameOf(batch, task, state),
    module,
    play: batch.play.name,
    role: role?.name,
    place: place(span),
    handler: 'address' in task,
  }
}

export function nameOf(batch: BatchContext, task: Task | Handler, state: HostState): string {
  const { name, module } = task
  return name === undefined ? module : titled(name.render.bind(name), batch, task, state)
}

/** A name that cannot be rendered yet is shown as it is written. */
function titled(
  render: (scope: ReturnType<typeof scopeFor>) => Value,
  batch: BatchContext,
  task: Task,
  state: HostState,
): string {
  try {
    return String(render(scopeFor(batch, state, task)))
  } catch {
    const { source, start, end } = task.name!.span
    return source.text.slice(start, end)
  }
}
