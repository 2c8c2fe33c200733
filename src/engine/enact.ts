import type { Change, Outcome } from '../core/change.ts'
import { type Diagnostic, Failure } from '../core/diagnostic.ts'
import type { ShownChange } from '../core/event.ts'
import type { Plan } from '../core/module.ts'
import { mask } from '../core/secret.ts'
import { place } from '../core/span.ts'
import type { Vars } from '../core/value.ts'
import { OutcomeUnknown, refuseTwice } from './again.ts'
import { carryAll } from './carry.ts'
import { Interrupted } from './interrupted.ts'
import { joinedOf, joinersOf } from './joining.ts'
import { locks, marks } from './ledger.ts'
import { notifiable } from './notify.ts'
import { failure, type TaskOutcome } from './outcome.ts'
import type { Joiner } from './party.ts'
import { type Entry, recordOf } from './record.ts'
import { settleDown } from './settle.ts'
import { type Attempt, placed, said, show } from './show.ts'
import type { Site } from './site.ts'
import { nameOf } from './task-ref.ts'

/** In a run: the plan is carried, journalled step by step, and waited for until it has come true. */
export async function enact(at: Attempt, site: Site, plan: Plan): Promise<TaskOutcome> {
  const shown = show(at, site, plan)
  const { deps } = at.batch
  let outcomes: readonly Outcome[] = []
  if (plan.changes.length > 0) {
    if (at.before && plan.changes.some(change => mayBeMade(site, change, at.before!))) throw refuseTwice(at.before)
    const first = prelude(at, site, plan.changes)
    const joining = await joinersOf(at, site, plan)
    const { joiners } = joining
    const record = recordOf(deps, site, [{ task: at.task, ref: titleOf(at), plan }, ...joiners.map(entryOf)])
    const { changing } = at.batch
    changing.set(at.state, at.ref)
    // What drops all answers makes looking far ahead a waste; what drops but a few does not.
    if (plan.changes.some(change => isOpaque(site, change))) at.state.window = 1
    const guests = joiners.flatMap(({ steps }) => steps)
    const carrying = { site: joining.site, explain: deps.explain, joining: guests, ...record }
    const all = await carryAll(carrying, [...first, ...plan.changes])
      .catch(error => {
        if (!(error instanceof OutcomeUnknown)) throw error
        error.shown = shown
        if (joiners.length > 0) at.state.joined = joinedOf(joiners, record)
        throw error
      })
      .finally(() => changing.delete(at.state))
    if (joiners.length > 0) at.state.joined = joinedOf(joiners, record)
    outcomes = all.slice(first.length)
    site.acting.facts.clear()
  }
  return concluded(at, site, { plan, shown, outcomes })
}

interface Carried {
  readonly plan: Plan
  readonly shown: readonly ShownChange[]
  readonly outcomes: readonly Outcome[]
}

/** What came of a plan whose changes were carried, ahead of its turn perhaps. */
export async function concluded(at: Attempt, site: Site, { plan, shown, outcomes }: Carried): Promise<TaskOutcome> {
  const { deps } = at.batch
  const result = { ...plan.result, ...plan.later?.from(outcomes) }
  const settled = plan.settle
    ? await settleDown(site, plan.settle, { outcomes, signal: deps.signal, onWait: at.onWait }).catch(error => {
        throw interruptedWait(plan, plan.settle!.what, error)
      })
    : {}
  const whole = { ...result, ...settled }
  if (whole.failed === true) return { ...failure(placed(at, commandFailed(whole)), whole), changes: shown }
  return { ...said(plan), status: whole.changed === true ? 'changed' : 'ok', result: whole, changes: shown }
}

/** It may have been made already, and must not be made twice. */
function mayBeMade(site: Site, change: Change, { scene }: OutcomeUnknown): boolean {
  const known = site.kinds.changes.get(change.kind)!
  return scene.changes.some(({ kind }) => kind === change.kind) && known.repeatable?.(change) === false
}

/** What is waited for after changes is given up with the changes made. */
function interruptedWait({ changes }: Plan, what: string, error: unknown): unknown {
  const cancelled = error instanceof Failure && error.diagnostic.code === 'cancelled'
  if (!cancelled || changes.length === 0) return error
  const hint = 'run it again: the next look finds whether it has come true'
  return new Interrupted('stopped', `changed, then interrupted while waiting for ${what}`, { hint })
}

function isOpaque(site: Site, change: Change): boolean {
  return site.kinds.changes.get(change.kind)!.footprint(change) === 'all'
}

function titleOf({ ref: { name, place } }: Attempt) {
  return { name, place }
}

function entryOf({ standing: { batch, task, state }, plan }: Joiner): Entry {
  return { task, ref: { name: nameOf(batch, task, state), place: place(task.span) }, plan }
}

/** What goes before the changes: locks, and the notes of the handlers that will be owed. */
function prelude(at: Attempt, site: Site, changes: readonly Change[]): readonly Change[] {
  const { batch, state } = at
  const owing = marks(batch, site, { state, handlers: notifiable(at), by: at.ref.place })
  return [...locks(batch, site, [...changes, ...owing]), ...owing]
}

function commandFailed(result: Vars): Diagnostic {
  const { msg, stderr, stdout, rc } = result
  const output = [stderr, stdout].find(text => typeof text === 'string' && text.trim() !== '')
  const cause = output === undefined ? {} : { cause: mask(String(output)).trim().slice(-2000) }
  const message = typeof msg === 'string' && msg !== '' ? msg : `exit code ${String(rc ?? 'unknown')}`
  return { code: 'command-failed', message, ...cause }
}
