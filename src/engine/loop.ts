import { mask } from '../core/secret.ts'
import { findUnknown, Unknown } from '../core/unknown.ts'
import { isList, type Value, type Vars } from '../core/value.ts'
import { renderTree } from '../language/index.ts'
import type { Loop } from '../playbook/model.ts'
import { caught } from './caught.ts'
import type { BatchContext } from './context.ts'
import { failure, type TaskOutcome, undecided } from './outcome.ts'
import { type Entry, Given } from './scope.ts'
import type { Running } from './step.ts'
import { scopeFor } from './variables.ts'

/** The items, or the outcome of the whole loop where there is nothing to go through. */
export function loopItems(batch: BatchContext, { task, state }: Running, loop: Loop): readonly Value[] | TaskOutcome {
  const scope = scopeFor(batch, state, task)
  const items = caught(task, state, () => renderTree(loop.items, scope))
  if ('outcome' in items) return items.outcome
  const { value } = items
  if (value instanceof Unknown) return undecided(new Unknown(`the loop's items: ${value.reason}`))
  if (isList<Value>(value)) return value
  const span = loop.items.span
  const hint = 'give a list; of a map take {{keys m}} or {{values m}}'
  return failure({ code: 'wrong-type', message: 'loop wants a list', span, host: state.name, hint })
}

export function loopVars(loop: Loop, item: Value, at: { index: number; of: number }): ReadonlyMap<string, Entry> {
  const { index, of } = at
  const about = { index: index + 1, index0: index, first: index === 0, last: index === of - 1, length: of }
  const vars = new Map<string, Entry>([
    [loop.loop_var, new Given(item)],
    ['ansible_loop', new Given(about)],
  ])
  if (loop.index_var !== undefined) vars.set(loop.index_var, new Given(index))
  return vars
}

/** What each of `results` tells of its item, by Ansible's names. */
export function itemOf({ loop_var, index_var }: Loop, item: Value, index: number): Vars {
  const about: Vars = { [loop_var]: item, ansible_loop_var: loop_var }
  return index_var === undefined ? about : { ...about, [index_var]: index, ansible_index_var: index_var }
}

export function labelOf(batch: BatchContext, { task, state }: Running, vars: ReadonlyMap<string, Entry>): string {
  const label = task.loop?.label
  const item = vars.get(task.loop!.loop_var) as Given
  if (!label) return shown(item.value)
  const rendered = caught(task, state, () => label.render(scopeFor(batch, state, task, vars)))
  return 'value' in rendered ? shown(rendered.value) : shown(item.value)
}

function shown(value: Value): string {
  const whole =
    typeof value === 'string' ? value : findUnknown(value) ? String(findUnknown(value)) : JSON.stringify(value)
  // Masked before it is cut: half a secret is not known for one.
  const text = mask(whole)
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}
