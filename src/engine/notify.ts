import { Mistake } from '../core/diagnostic.ts'
import type { Handler } from '../playbook/model.ts'
import type { Standing } from './ground.ts'
import type { HostState } from './host.ts'
import type { TaskOutcome } from './outcome.ts'

/** The handlers that a task names in its `notify`, whatever becomes of it. */
export function notifiable({ batch, task, scope }: Standing): readonly Handler[] {
  return task.notify.flatMap(template => {
    const name = String(template.render(scope))
    const named = batch.handlers.filter(handler => answersTo(handler, name))
    if (named.length > 0) return named
    const hint = `the play's handlers: ${batch.handlers.map(handler => handler.address).join(', ') || 'none'}`
    const message = `there is no handler '${name}'`
    throw new Mistake({ code: 'unknown-handler', message, span: template.span, hint })
  })
}

/** Marks the handlers that a changed task notifies, on its own host even when it was delegated; gives those it owes. */
export function notify(standing: Standing, outcome: TaskOutcome): readonly Handler[] {
  if (standing.task.notify.length === 0) return []
  const certainty = certaintyOf(outcome)
  if (certainty === undefined) return []
  const handlers = notifiable(standing)
  for (const { address } of handlers) mark(standing.state, address, certainty)
  return handlers
}

function certaintyOf({ status, unknown }: TaskOutcome): string | undefined {
  if (status === 'changed') return 'sure'
  return status === 'unknown' ? (unknown ?? 'not known') : undefined
}

function answersTo({ address, listen, name }: Handler, asked: string): boolean {
  const text = name?.span.source.text.slice(name.span.start, name.span.end).replace(/^["']|["']$/g, '')
  return address === asked || listen.includes(asked) || text === asked || address.endsWith(` : ${asked}`)
}

function mark(state: HostState, address: string, certainty: 'sure' | string): void {
  state.owedBy.delete(address)
  if (state.notified.get(address) !== 'sure') state.notified.set(address, certainty)
}
