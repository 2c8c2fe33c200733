import type { Diagnostic } from '../core/diagnostic.ts'
import type { ShownChange, TaskRef } from '../core/event.ts'
import type { Plan } from '../core/module.ts'
import type { OutcomeUnknown } from './again.ts'
import type { Standing } from './ground.ts'
import type { Coming } from './replay.ts'
import { type Site, stateOf } from './site.ts'

/** A task being tried on a host, and whom to tell how it goes. */
export interface Attempt extends Standing {
  readonly ref: TaskRef
  /** Which item of its loop. */
  readonly index?: number | undefined
  /** The tasks that come after it on its host. */
  coming(): Iterable<Coming>
  onWait(what: string, elapsed: number): void
  /** It was cut off in a change before: what it may have done must not be done twice. */
  readonly before?: OutcomeUnknown | undefined
}

/** A plan's own word about itself. */
export function said(plan: Plan): { readonly message?: string } {
  return plan.message === undefined ? {} : { message: plan.message }
}

/** A plan's changes as events show them: whole texts only where diffs are wanted. */
export function show({ batch, task }: Attempt, site: Site, plan: Plan): readonly ShownChange[] {
  const whole = batch.options.diff && task.keywords.diff !== false
  return plan.changes.map(change => {
    const { before, after, ...short } = site.kinds.changes.get(change.kind)!.diff(change)
    const diff = whole ? { ...short, before, after } : short
    return { kind: change.kind, host: stateOf(site, change.on).name, diff }
  })
}

/** With the place and the host that it has by being this task's. */
export function placed({ task, state }: Attempt, diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, span: diagnostic.span ?? task.span, host: diagnostic.host ?? state.name }
}
