import type { Change, Outcome } from '../core/change.ts'
import type { Plan } from '../core/module.ts'
import { lookAhead } from './ahead.ts'
import type { Joined } from './joined.ts'
import { isPlain, type Joiner, joins, Party } from './party.ts'
import type { Coming } from './replay.ts'
import type { Attempt } from './show.ts'
import type { Site } from './site.ts'

/** What joins a task's changes, and the ground from which what comes behind them is in sight. */
export interface Joining {
  readonly joiners: readonly Joiner[]
  readonly site: Site
}

/**
 * The coming tasks that are sure to plan what they would plan at their turn: nothing they look at is touched by what goes
 * before them, and nothing they read is set by it. In order; the first that is not sure ends it. The frame stops at the
 * first failure, so that nothing is done behind one.
 *
 * Items of one loop always may; another task only where no other host is kept waiting for it, as the linear strategy does.
 */
export async function joinersOf(at: Attempt, site: Site, plan: Plan): Promise<Joining> {
  const nobody = { joiners: [], site }
  if (!mayLead(at, site, plan)) return nobody
  const { batch, state } = at
  const party = new Party(at, site, plan)
  const coming = at.coming()[Symbol.iterator]()
  for (let next = coming.next(); !next.done; next = coming.next()) {
    const rounds = party.welcomes(next.value) ? party.rounds(next.value) : undefined
    const taken = rounds === undefined ? 0 : await party.take(next.value, rounds)
    if (rounds !== undefined && taken === rounds.length) continue
    const left = taken === 0 ? [next.value] : rounds!.slice(taken)
    if (!party.rides) return nobody
    const ahead = () => lookAhead({ batch, state, coming: chained(left, coming) }, site)
    return { joiners: party.joiners, site: { ...site, ahead } }
  }
  return !party.rides ? nobody : { joiners: party.joiners, site: { ...site, ahead: async () => [] } }
}

function* chained(first: readonly Coming[], then: Iterator<Coming>): Generator<Coming> {
  yield* first
  for (let next = then.next(); !next.done; next = then.next()) yield next.value
}

function mayLead({ batch, task, state }: Attempt, site: Site, plan: Plan): boolean {
  return (
    batch.options.lookAhead &&
    batch.project.settings.timeout === 0 &&
    site.acting === state &&
    state.joined.length === 0 &&
    plan.settle === undefined &&
    plan.changes.every(change => joins(site, change)) &&
    isPlain(task)
  )
}

/** How the changes of those that joined ended, as far as anybody knows. */
export interface Told {
  readonly carried: ReadonlyMap<Change, Outcome>
  readonly doubtful: ReadonlySet<Change>
}

/**
 * What they are to find at their turn. What had nothing to do is told as it was found where one behind it is sure to be
 * done, since now it might find what that has brought; else it looks again. Those that were not begun go their own way.
 */
export function joinedOf(joiners: readonly Joiner[], { carried, doubtful }: Told): readonly Joined[] {
  const isDone = ({ steps }: Joiner) => steps.length > 0 && steps.every(({ change }) => carried.has(change))
  const isBegun = ({ steps }: Joiner) => steps.some(({ change }) => carried.has(change) || doubtful.has(change))
  const last = joiners.findLastIndex(isDone)
  const told = joiners.filter((joiner, i) => isBegun(joiner) || (joiner.steps.length === 0 && i < last))
  return told.map(({ standing: { task }, index, args, plan, owes }) => {
    const outcomes = plan.changes.map(change => carried.get(change)).filter(outcome => outcome !== undefined)
    const isWhole = outcomes.length === plan.changes.length
    return { task, index, args, plan, owes, outcomes: isWhole ? outcomes : undefined }
  })
}
