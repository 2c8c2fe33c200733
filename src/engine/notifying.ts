import type { Item, Task } from '../playbook/model.ts'

/** The tasks that may owe a handler, wherever they stand: whoever they act as has the notes. */
export function notifying(items: readonly Item[]): readonly Task[] {
  return items.flatMap(item => {
    if (item.kind === 'task') return item.notify.length > 0 ? [item] : []
    return item.kind === 'block' ? [item.block, item.rescue, item.always].flatMap(notifying) : []
  })
}
