import type { Change } from '../core/change.ts'
import type { Plan } from '../core/module.ts'
import { Unknown } from '../core/unknown.ts'
import { drive } from './drive.ts'
import { type TaskOutcome, undecided } from './outcome.ts'
import { type Attempt, said, show } from './show.ts'
import { type Site, stateOf } from './site.ts'

/** In a check: the plan is folded into the prediction, and what only a run can tell is Unknown. */
export async function predict(at: Attempt, site: Site, plan: Plan): Promise<TaskOutcome> {
  const shown = show(at, site, plan)
  if (at.batch.options.check) for (const change of plan.changes) fold(site, change)
  if (plan.changes.length === 0) return await foresee(site, plan)
  const later = plan.later?.names.map(name => [name, new Unknown(`${at.task.module} has not run yet`)] as const) ?? []
  const result = { ...plan.result, ...Object.fromEntries(later) }
  return { ...said(plan), status: 'changed', result, changes: shown }
}

/** Nothing to change: whether it has come true already can be seen in a check too. */
async function foresee(site: Site, plan: Plan): Promise<TaskOutcome> {
  const result = { ...plan.result, ...plan.later?.from([]) }
  const well: TaskOutcome = { ...said(plan), status: result.changed === true ? 'changed' : 'ok', result, changes: [] }
  if (!plan.settle) return well
  const driven = await drive(site, plan.settle.look({ outcomes: [], elapsed: 0, last: false }))
  if (driven instanceof Unknown) return { ...undecided(driven), result }
  if ('done' in driven.result) return { ...well, result: { ...result, ...driven.result.result } }
  return { ...well, status: 'unknown', unknown: `would wait for ${plan.settle.what}: ${driven.result.waiting}` }
}

function fold(site: Site, change: Change): void {
  site.kinds.changes.get(change.kind)!.fold(stateOf(site, change.on).shadow, change)
}
