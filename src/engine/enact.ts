import type { Change, Outcome } from '../core/change.ts'
import { type Diagnostic, Failure } from '../core/diagnostic.ts'
import type { Plan } from '../core/module.ts'
import { mask } from '../core/secret.ts'
import type { Vars } from '../core/value.ts'
import { OutcomeUnknown, refuseTwice } from './again.ts'
import { carryAll } from './carry.ts'
import type { JournalChange } from './deps.ts'
import { Interrupted } from './interrupted.ts'
import { locks, marks, noteLedger } from './ledger.ts'
import { notifiable } from './notify.ts'
import { failure, type TaskOutcome } from './outcome.ts'
import { settleDown } from './settle.ts'
import { type Attempt, placed, said, show } from './show.ts'
import { type Site, stateOf } from './site.ts'

/** In a run: the plan is carried, journalled step by step, and waited for until it has come true. */
export async function enact(at: Attempt, site: Site, plan: Plan): Promise<TaskOutcome> {
  const shown = show(at, site, plan)
  const { deps } = at.batch
  let outcomes: readonly Outcome[] = []
  if (plan.changes.length > 0) {
    if (at.before && plan.changes.some(change => isDoubtful(site, change, at.before!))) throw refuseTwice(at.before)
    const first = prelude(at, site, plan.changes)
    const note = (change: Change) => journalled(at, site, change)
    deps.journal({ type: 'planned', ...titled(at), changes: plan.changes.map(note) })
    const onCarried = (change: Change) => {
      noteLedger(site, change)
      if (plan.changes.includes(change)) deps.journal({ type: 'carried', ...titled(at), change: note(change) })
    }
    const onDoubt = (change: Change) => noteLedger(site, change, true)
    const { changing } = at.batch
    changing.set(at.state, at.ref)
    // What drops all answers makes looking far ahead a waste; what drops but a few does not.
    if (plan.changes.some(change => isOpaque(site, change))) at.state.window = 1
    const carrying = { site, explain: deps.explain, onCarried, onDoubt }
    const all = await carryAll(carrying, [...first, ...plan.changes])
      .catch(error => {
        if (error instanceof OutcomeUnknown) error.shown = shown
        throw error
      })
      .finally(() => changing.delete(at.state))
    outcomes = all.slice(first.length)
    site.acting.facts.clear()
  }
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
function isDoubtful(site: Site, change: Change, { scene }: OutcomeUnknown): boolean {
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

function titled({ state, ref }: Attempt) {
  return { host: state.name, task: { name: ref.name, place: ref.place } }
}

function journalled({ task }: Attempt, site: Site, change: Change): JournalChange {
  const shown = site.kinds.changes.get(change.kind)!.diff(change)
  const summary = task.keywords.no_log ? 'hidden by no_log' : shown.summary
  return { kind: change.kind, host: stateOf(site, change.on).name, summary }
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
