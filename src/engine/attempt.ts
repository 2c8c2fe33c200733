import { Failure, Mistake, Unreachable } from '../core/diagnostic.ts'
import type { Module } from '../core/module.ts'
import { findUnknown, Unknown } from '../core/unknown.ts'
import type { Vars } from '../core/value.ts'
import { renderTree } from '../language/index.ts'
import { coerceArgs } from '../playbook/args.ts'
import { doneAll, untilKnown } from './again.ts'
import { lookAhead } from './ahead.ts'
import { builtins } from './builtins.ts'
import { allHold, firstFalse } from './decide.ts'
import { drive } from './drive.ts'
import { concluded, enact } from './enact.ts'
import { gatherReferred } from './facts.ts'
import { siteOf, UnknownEnvironment } from './ground.ts'
import { cutShort } from './interrupted.ts'
import { takeJoined } from './joined.ts'
import { whenUnlocked } from './lock-wait.ts'
import { failure, skipped, type TaskOutcome } from './outcome.ts'
import { predict } from './predict.ts'
import { type Attempt, placed, show } from './show.ts'
import type { Site } from './site.ts'
import { unforeseen } from './unforeseen.ts'

/** One try of one task on one host: render → ask → plan → carry (or predict) → settle. Only Unreachable is thrown. */
export async function attempt(at: Attempt): Promise<TaskOutcome> {
  try {
    const { task, scope } = at
    const holds = await guarded(at)
    if (holds === false) return skipped(`${firstFalse(task.keywords.when, scope)?.text ?? 'when'} is false`)
    if (holds instanceof Unknown) return unforeseen(at, new Unknown(`would be decided by when: ${holds.reason}`))
    return await act(at)
  } catch (error) {
    if (error instanceof UnknownEnvironment) return unforeseen(at, error.unknown)
    return outcomeOf(at, error)
  }
}

/** The `when`, with the facts it needs asked first; a task whose `when` needs none asks none before it holds. */
async function guarded(at: Attempt): Promise<boolean | Unknown> {
  const { task, scope, state, batch } = at
  await gatherReferred(siteAt(at), batch.deps.facts, { state, scope, task })
  return allHold(task.keywords.when, scope)
}

/** The task's ground, from which the coming tasks are in sight. */
function siteAt(at: Attempt): Site {
  const { batch, state } = at
  const site = siteOf(at)
  if (!batch.options.lookAhead || site.acting !== state) return site
  return { ...site, ahead: () => lookAhead({ batch, state, coming: at.coming() }, site) }
}

async function act(at: Attempt): Promise<TaskOutcome> {
  const { task, scope, state, batch } = at
  const module = batch.modules.get(task.module)
  if (!module) throw new Error(`no module '${task.module}' is known to the engine`)
  const rendered = renderTree(task.args, scope)
  const builtin = builtins.get(module.name)
  if (builtin) return builtin({ task, args: rendered as Vars, scope, state, verbosity: batch.options.verbosity })
  const unknown = unforeseeable(module, rendered as Vars)
  if (unknown) return unforeseen(at, unknown)
  const coerced = coerceArgs(module, rendered, task.args)
  if ('problems' in coerced) throw new Mistake(...coerced.problems)
  const { args } = coerced
  const done = takeJoined(state, { task, index: at.index, args })
  const site = siteOf(at)
  const shown = done ? show(at, site, done.plan) : []
  if (done?.outcomes) return concluded(at, site, { plan: done.plan, shown, outcomes: done.outcomes })
  const outcome = await untilKnown(at, site, again => whenUnlocked(again, () => planned(again, module, args)))
  return done ? doneAll({ shown }, outcome) : outcome
}

/** The Unknown that a module cannot plan with: any but in an argument that it only passes on. */
function unforeseeable({ args }: Module, rendered: Vars): Unknown | undefined {
  const needed = Object.entries(rendered).filter(([name]) => args.properties?.[name]?.unknown !== true)
  return needed.map(([, value]) => findUnknown(value)).find(unknown => unknown !== undefined)
}

async function planned(at: Attempt, module: Module, args: Vars): Promise<TaskOutcome> {
  const site = siteAt(at)
  const driven = await drive(site, module.plan(args, { host: at.state.name, groups: groups(at) }))
  if (driven instanceof Unknown) return unforeseen(at, driven)
  const plan = driven.result
  if (plan.failed) return failure(placed(at, plan.failed), plan.result)
  if (plan.unknown) return unforeseen(at, plan.unknown)
  const outcome = site.predicting ? await predict(at, site, plan) : await enact(at, site, plan)
  return site.predicting && driven.assumed !== undefined ? { ...outcome, assumed: driven.assumed } : outcome
}

function groups({ batch }: Attempt): { readonly [group: string]: readonly string[] } {
  return Object.fromEntries(batch.project.inventory.groups)
}

/** A Mistake that only this host could show, or a Failure: both end as the host's failure; our own bug does not. */
function outcomeOf(at: Attempt, error: unknown): TaskOutcome {
  if (error instanceof Unreachable) throw error
  if (error instanceof Failure) return cutShort(at.batch, error) ?? failure(placed(at, error.diagnostic))
  if (error instanceof Mistake) return failure(placed(at, error.diagnostics[0]!))
  throw new Error(`a bug in '${at.task.module}', not in your playbook`, { cause: error })
}
