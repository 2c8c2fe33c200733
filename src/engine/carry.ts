import type { Change, Outcome } from '../core/change.ts'
import type { Shell } from '../core/connection.ts'
import { type Diagnostic, Failure } from '../core/diagnostic.ts'
import { mask } from '../core/secret.ts'
import { errText, outText, type Section } from '../core/section.ts'
import { OutcomeUnknown } from './again.ts'
import { type Along, alongBehind, nothing } from './along.ts'
import { batches, isLedger, isQuiet, isStill, type Run, type Step, stepOf, titleOf, together } from './carry-steps.ts'
import { confirm, unconfirmed } from './confirm.ts'
import { remember } from './foresight.ts'
import { limitOf } from './groups.ts'
import { Interrupted } from './interrupted.ts'
import { isLost, mended } from './mend.ts'
import { sending } from './sending.ts'
import { type Site, withEnvironment } from './site.ts'

export interface Carrying {
  readonly site: Site
  explain(section: Section): Diagnostic | undefined
  /** Changes of coming tasks, which ride behind the others: that one of them fails is told at its turn. */
  readonly joining?: readonly Step[] | undefined
  /** Told of each change that was carried, at once. */
  onCarried?(change: Change, outcome: Outcome): void
  /** Told of each change of which nobody knows whether it was carried. */
  onDoubt?(change: Change): void
}

/**
 * Carries the changes in their order and stops at the first that fails. Neighbours on one host ride in one frame;
 * what may be slow or loud has a channel of its own. Gives what came of `changes`.
 */
export async function carryAll(carrying: Carrying, changes: readonly Change[]): Promise<readonly Outcome[]> {
  const { site, joining = [] } = carrying
  const steps = changes.map(change => stepOf(site, change))
  const all = [...steps, ...joining]
  const outcomes: Outcome[] = []
  for (const batch of batches(all)) {
    if (site.carrying.unlessBegun?.aborted) throw notBegun(steps, outcomes.length)
    // Whatever comes of it, what was known before is known no more.
    spoil(carrying, batch)
    const [first] = batch as [Step, ...Step[]]
    const isLast = outcomes.length + batch.length === all.length
    const along = isLast && isStill(first) ? await alongBehind(site, first.state) : nothing
    const { runs, more } = await carryBatch(carrying, batch, along).catch(error => {
      spoil(carrying, batch)
      if (isCalledOff(carrying, error)) throw notBegun(steps, outcomes.length)
      for (const { change } of batch) carrying.onDoubt?.(change)
      throw isCancelled(error) ? ended(batch) : error
    })
    const heard = along.heard(more)
    spoil(carrying, batch)
    for (const one of heard) remember(site, first.state, one)
    for (const { section, steps } of runs) {
      if (section.code !== 0 && steps[0]!.joins) {
        // One that failed says that it was not made; of several nobody knows which were.
        if (steps.length > 1) for (const { change } of steps) carrying.onDoubt?.(change)
        break
      }
      for (const step of steps) {
        const outcome = await finish(carrying, step, section)
        outcomes.push(outcome)
        carrying.onCarried?.(step.change, outcome)
      }
    }
  }
  return outcomes.slice(0, changes.length)
}

function spoil({ site }: Carrying, batch: readonly Step[]): void {
  for (const { state, kind, change } of batch) site.spoil(state, kind.footprint(change))
}

/** A signal came before the batch began: like questions and waits, it is given up. */
function isCalledOff({ site }: Carrying, error: unknown): boolean {
  return isCancelled(error) && !site.carrying.signal?.aborted
}

function isCancelled(error: unknown): boolean {
  return error instanceof Failure && error.diagnostic.code === 'cancelled'
}

function ended(batch: readonly Step[]): Interrupted {
  return new Interrupted('ended', `ended in: ${titleOf(batch)}`, unknownOutcome)
}

const unknownOutcome = {
  cause: 'whether it was done is unknown',
  hint: 'run it again: the next look finds what is left to do',
} as const

function notBegun(steps: readonly Step[], carried: number): Interrupted {
  const done = steps.slice(0, carried).filter(({ change }) => !isLedger(change)).length
  const of = steps.filter(({ change }) => !isLedger(change)).length
  return new Interrupted(done === 0 ? 'given-up' : 'stopped', `interrupted after ${done} of its ${of} changes`, {
    hint: 'run it again: the next look finds what is left to do',
  })
}

interface Carried {
  /** Up to the first that failed. */
  readonly runs: readonly (Run & { readonly section: Section })[]
  /** The answers to what went along, as far as it came to them. */
  readonly more: readonly Section[]
}

async function carryBatch({ site }: Carrying, batch: readonly Step[], { groups }: Along): Promise<Carried> {
  const [first] = batch as [Step, ...Step[]]
  const runs = together(batch)
  const scripts = [...runs.map(run => withEnvironment(site, run.script)), ...groups.map(group => group.script)]
  const timeout = site.carrying.timeout ?? longest(batch)
  const options = { ...site.carrying, timeout, stopOnFailure: true, limit: limitOf(groups) }
  const identity = site.identity(first.state)
  const connection = await mended(site, first.state, () => first.state.connect())
  await site.beforeSent?.(first.state, identity, scripts)
  const { rested } = first.state
  const quiet = isQuiet(batch)
  if (!quiet) rested.end()
  let shell: Shell | undefined
  try {
    if (first.carry.input) {
      const section = await connection.pour(identity, scripts[0]!, sending(first.carry.input), options)
      return { runs: [{ ...runs[0]!, section }], more: [] }
    }
    shell = await (first.carry.own ? rested.take(connection, identity) : first.state.shell(identity))
    const all = await shell.frame(scripts, options)
    if (first.carry.own && quiet) {
      rested.keep(connection, identity, shell)
      shell = undefined
    }
    const carried = all.slice(0, runs.length).map((section, i) => ({ ...runs[i]!, section }))
    return { runs: carried, more: all.slice(runs.length) }
  } catch (error) {
    if (!isLost(error, first.state)) throw error
    const { code } = error.diagnostic
    // A change that cut the very connection it was carried over is never confirmed.
    if (first.kind.confirm && code === 'connection-lost') {
      await first.state.drop()
      throw unconfirmed(first, error)
    }
    const changes = batch.map(({ change }) => change)
    const { state } = first
    throw new OutcomeUnknown({ state, identity, process: shell?.process, changes, title: titleOf(batch), lost: error })
  } finally {
    if (first.carry.own) void shell?.close().catch(() => undefined)
  }
}

function longest(batch: readonly Step[]): number | undefined {
  const known = batch.map(step => step.carry.timeout).filter(seconds => seconds !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}

async function finish(carrying: Carrying, step: Step, section: Section): Promise<Outcome> {
  const { kind, change, state } = step
  if (section.code !== 0) {
    const known = kind.explain?.(section, change) ?? carrying.explain(section)
    throw new Failure({ ...(known ?? unexplained(step, section)), host: state.name })
  }
  await confirm(carrying, step, section)
  return kind.outcome?.(section, change) ?? {}
}

function unexplained({ kind, change }: Step, section: Section): Diagnostic {
  const said = mask((errText(section) || outText(section)).trim()).slice(0, 2000)
  const message = `${kind.diff(change).summary}: exit ${section.code}`
  return { code: 'change-failed', message, ...(said === '' ? {} : { cause: said }) }
}
