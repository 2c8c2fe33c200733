import type { Change, Outcome } from '../core/change.ts'
import type { Plan } from '../core/module.ts'
import type { Question } from '../core/question.ts'
import { place } from '../core/span.ts'
import type { Reference } from '../language/scope.ts'
import type { Task } from '../playbook/model.ts'
import { lookAhead } from './ahead.ts'
import { builtins } from './builtins.ts'
import { allHold } from './decide.ts'
import { type Standing, templateReferences } from './ground.ts'
import type { Joined } from './joined.ts'
import { marks } from './ledger.ts'
import { notifiable } from './notify.ts'
import { readsOf } from './reads.ts'
import {
  type Coming,
  type Foreseen,
  foreseen,
  type Ground,
  namesSetBy,
  replay,
  roundsOf,
  standingOf,
} from './replay.ts'
import type { Attempt } from './show.ts'
import type { Site } from './site.ts'

/** A coming task whose changes ride in the frame of the task at hand. */
export interface Joiner extends Foreseen {
  readonly plan: Plan
  /** The notes of its handlers, then what it plans. */
  readonly changes: readonly Change[]
}

/** What joins a task's changes, and the ground from which what comes behind them is in sight. */
export interface Joining {
  readonly joiners: readonly Joiner[]
  readonly site: Site
}

/** Of one frame: a shell holds it whole, and what fails in it is looked at again. */
const most = { changes: 200, bytes: 512 * 1024 }

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
    const taken = rounds === undefined ? 0 : await party.take(rounds)
    if (rounds !== undefined && taken === rounds.length) continue
    const left = taken === 0 ? [next.value] : rounds!.slice(taken)
    if (party.joiners.length === 0) return nobody
    const ahead = () => lookAhead({ batch, state, coming: chained(left, coming) }, site)
    return { joiners: party.joiners, site: { ...site, ahead } }
  }
  return party.joiners.length === 0 ? nobody : { joiners: party.joiners, site: { ...site, ahead: async () => [] } }
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

/** A change that rides with others: quick and quiet, on the task's own host, and as good made twice. */
function joins({ kinds }: Site, change: Change): boolean {
  const kind = kinds.changes.get(change.kind)!
  return kind.joins === true && change.on === undefined && kind.carry(change).own !== true
}

/** Nothing in its words sets it apart from its neighbours. */
function isPlain({ until, keywords, loop }: Task): boolean {
  const { run_once, throttle, timeout } = keywords
  return !until && run_once !== true && throttle === undefined && timeout === undefined && loop?.pause === undefined
}

/** The leader, those that have joined it so far, and what they have touched and set. */
class Party {
  readonly joiners: Joiner[] = []
  readonly #ground: Ground
  readonly #leader: Task
  readonly #alone: boolean
  readonly #pending: Set<string>
  readonly #marked: Set<string>
  #last: Task
  #room = most

  constructor(at: Attempt, site: Site, plan: Plan) {
    const { batch, state, task } = at
    this.#ground = { batch, state, site }
    this.#leader = task
    this.#last = task
    this.#alone = batch.play.strategy !== 'linear' || batch.batch.length === 1
    this.#pending = new Set(namesSetBy(task))
    this.#marked = new Set(notifiable(at).map(({ address }) => address))
    this.#touch(plan.changes)
  }

  /** Whether this task may follow the last one, whatever it does. */
  welcomes({ task, flushed }: Coming): boolean {
    if (task === this.#leader) return true
    const { modules } = this.#ground.batch
    // What is judged by its own conditions may fail at its turn, and nothing may have been done behind it.
    const isJudged = (one: Task) => one.failed_when !== undefined || one.changed_when !== undefined
    return (
      this.#alone &&
      flushed !== true &&
      isPlain(task) &&
      modules.has(task.module) &&
      !builtins.has(task.module) &&
      (task === this.#last || !isJudged(this.#last))
    )
  }

  /** Its items, where it is known what they are. */
  rounds(coming: Coming): readonly Coming[] | undefined {
    try {
      return this.#reads(standingOf(this.#ground, coming)) ? roundsOf(this.#ground, coming) : undefined
    } catch {
      return undefined
    }
  }

  /** How many of them joined, or have nothing to do. */
  async take(rounds: readonly Coming[]): Promise<number> {
    for (const [i, round] of rounds.entries()) {
      // A mistake, and a failure, are told at its turn.
      const joiner = await this.#joiner(round).catch(() => undefined)
      if (joiner === undefined) return i
      if (joiner === 'skipped') continue
      this.joiners.push(joiner)
      this.#touch(joiner.plan.changes)
      this.#last = round.task
    }
    for (const { task } of rounds.slice(0, 1)) for (const name of namesSetBy(task)) this.#pending.add(name)
    return rounds.length
  }

  async #joiner(round: Coming): Promise<Joiner | 'skipped' | undefined> {
    const standing = standingOf(this.#ground, round)
    const { batch, task, state, scope } = standing
    const holds = allHold(task.keywords.when, scope)
    if (holds !== true) return holds === false ? 'skipped' : undefined
    const module = batch.modules.get(task.module)!
    const known = foreseen(this.#ground, module, standing)
    if (!known) return undefined
    const control = async (question: Question) => {
      const more = await templateReferences(standing, question)
      if (!this.#reads(standing, more)) throw new Error('not known before its turn')
      return known.site.control(question)
    }
    const seen = await replay(module, { ...known, site: { ...known.site, control } })
    if (!('plan' in seen)) return undefined
    const { plan } = seen
    if (plan.failed || plan.unknown || plan.settle) return undefined
    if (!plan.changes.every(change => joins(known.site, change))) return undefined
    const handlers = plan.changes.length === 0 ? [] : notifiable(standing)
    const owing = handlers.filter(({ address }) => !this.#marked.has(address))
    const notes = marks(batch, known.site, { state, handlers: owing, by: place(task.span) })
    const changes = [...notes, ...plan.changes]
    if (!this.#fits(known.site, changes)) return undefined
    for (const { address } of owing) this.#marked.add(address)
    return { ...known, plan, changes }
  }

  /** Whether all that it reads is known before what goes before it has been done: facts are asked anew after changes. */
  #reads({ task, scope }: Standing, more: readonly Reference[] = []): boolean {
    const { roots, facts } = readsOf(scope, task, more)
    return facts.size === 0 && !roots.has('hostvars') && ![...roots].some(name => this.#pending.has(name))
  }

  #fits({ kinds }: Site, changes: readonly Change[]): boolean {
    const bytes = changes.reduce((sum, change) => sum + kinds.changes.get(change.kind)!.carry(change).script.length, 0)
    const room = { changes: this.#room.changes - changes.length, bytes: this.#room.bytes - bytes }
    if (room.changes < 0 || room.bytes < 0) return false
    this.#room = room
    return true
  }

  /** What these will make stale is not known for those that come behind. */
  #touch(changes: readonly Change[]): void {
    const { site, state } = this.#ground
    for (const change of changes) site.spoil(state, site.kinds.changes.get(change.kind)!.footprint(change))
  }
}

/** How the changes of those that joined ended, as far as anybody knows. */
export interface Told {
  readonly carried: ReadonlyMap<Change, Outcome>
  readonly doubtful: ReadonlySet<Change>
}

/** What they are to find at their turn. Those behind the first that was not begun go their own way. */
export function joinedOf(joiners: readonly Joiner[], { carried, doubtful }: Told): readonly Joined[] {
  const begun = (change: Change) => carried.has(change) || doubtful.has(change)
  const first = joiners.findIndex(({ changes }) => changes.length > 0 && !changes.some(begun))
  return joiners.slice(0, first < 0 ? undefined : first).map(({ standing, args, plan }) => {
    const outcomes = plan.changes.map(change => carried.get(change)).filter(outcome => outcome !== undefined)
    const isWhole = outcomes.length === plan.changes.length
    return { task: standing.task, args, plan, outcomes: isWhole ? outcomes : undefined }
  })
}
