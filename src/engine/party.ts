import { realpath } from 'node:fs/promises'
import type { Change } from '../core/change.ts'
import type { Plan } from '../core/module.ts'
import type { Question } from '../core/question.ts'
import { place } from '../core/span.ts'
import { findUnknown } from '../core/unknown.ts'
import type { Reference } from '../language/scope.ts'
import type { Task } from '../playbook/model.ts'
import { builtins } from './builtins.ts'
import { type Step, stepOf } from './carry-steps.ts'
import { allHold } from './decide.ts'
import { readHere, type Standing, templateReferences } from './ground.ts'
import { marks } from './ledger.ts'
import { notifiable } from './notify.ts'
import { Promises } from './promises.ts'
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
  readonly index: number | undefined
  /** The notes of its handlers, then what it plans. */
  readonly steps: readonly Step[]
  /** Addresses of its handlers. */
  readonly owes: readonly string[]
}

/** Of one frame: a shell holds it whole, and what fails in it is looked at again. */
const most = { changes: 200, bytes: 512 * 1024 }

/** A change that rides with others: quick and quiet, on the task's own host, and as good made twice. */
export function joins({ kinds }: Site, change: Change): boolean {
  const kind = kinds.changes.get(change.kind)!
  return kind.joins?.(change) === true && change.on === undefined
}

/** Nothing in its words sets it apart from its neighbours. */
export function isPlain({ until, keywords, loop }: Task): boolean {
  const { run_once, throttle, timeout } = keywords
  return !until && run_once !== true && throttle === undefined && timeout === undefined && loop?.pause === undefined
}

/** The leader, those that have joined it so far, and what they have touched and set. */
export class Party {
  readonly joiners: Joiner[] = []
  /** Some of them have something to do. */
  get rides(): boolean {
    return this.joiners.some(({ steps }) => steps.length > 0)
  }
  readonly #ground: Ground
  readonly #leader: Task
  readonly #alone: boolean
  readonly #pending: Set<string>
  readonly #marked: Set<string>
  /** The host may be the control side itself. */
  readonly #written = new Written()
  readonly #promises = new Promises()
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
    return (
      this.#alone &&
      flushed !== true &&
      isPlain(task) &&
      modules.has(task.module) &&
      !builtins.has(task.module) &&
      (task === this.#last || !isOpen(this.#last))
    )
  }

  /** Its items, where it is known what they are. */
  rounds(coming: Coming): readonly Coming[] | undefined {
    try {
      if (!this.#reads(standingOf(this.#ground, coming))) return undefined
      const { rounds, areAll } = roundsOf(this.#ground, coming)
      return areAll ? rounds : undefined
    } catch {
      return undefined
    }
  }

  /** How many of them joined, or have nothing to do. */
  async take({ task }: Coming, rounds: readonly Coming[]): Promise<number> {
    for (const [i, round] of rounds.entries()) {
      // A mistake, and a failure, are told at its turn.
      const joiner = await this.#joiner(round).catch(() => undefined)
      if (joiner === undefined) return i
      if (joiner === 'skipped') continue
      this.joiners.push(joiner)
      this.#touch(joiner.plan.changes)
      this.#last = task
    }
    for (const name of namesSetBy(task)) this.#pending.add(name)
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
      const path = readHere(standing, question)
      if (!this.#reads(standing, more) || (path !== undefined && this.#written.holds(await realpath(path))))
        throw new Error('not known before its turn')
      return known.site.control(question)
    }
    const seen = await replay(module, { ...known, site: { ...known.site, control, promises: this.#promises } })
    if (!('plan' in seen)) return undefined
    const { plan } = seen
    if (plan.failed || plan.unknown || plan.settle) return undefined
    if (!plan.changes.every(change => joins(known.site, change))) return undefined
    // What is promised says nothing of times.
    if (findUnknown(plan.result)) return undefined
    const handlers = plan.changes.length === 0 ? [] : notifiable(standing)
    const owing = handlers.filter(({ address }) => !this.#marked.has(address))
    const notes = marks(batch, known.site, { state, handlers: owing, by: place(task.span) })
    const isHushed = task.keywords.no_log === true
    const steps = [...notes, ...plan.changes].map(change => ({ ...stepOf(known.site, change), joins: true, isHushed }))
    if (!this.#fits(steps)) return undefined
    for (const { address } of owing) this.#marked.add(address)
    return { ...known, index: round.index, plan, steps, owes: handlers.map(({ address }) => address) }
  }

  /** Whether all that it reads is known before what goes before it has been done: facts are asked anew after changes. */
  #reads({ task, scope }: Standing, more: readonly Reference[] = []): boolean {
    const { roots, facts } = readsOf(scope, task, more)
    return facts.size === 0 && !roots.has('hostvars') && ![...roots].some(name => this.#pending.has(name))
  }

  #fits(steps: readonly Step[]): boolean {
    const bytes = steps.reduce((sum, { carry }) => sum + carry.script.length, 0)
    const room = { changes: this.#room.changes - steps.length, bytes: this.#room.bytes - bytes }
    if (room.changes < 0 || room.bytes < 0) return false
    this.#room = room
    return true
  }

  /** What these will make stale is not known for those that come behind. */
  #touch(changes: readonly Change[]): void {
    const { site, state } = this.#ground
    for (const change of changes) {
      const kind = site.kinds.changes.get(change.kind)!
      const footprint = kind.footprint(change)
      this.#promises.add(kind, change, footprint, state.answers)
      site.spoil(state, footprint)
      this.#written.add(footprint)
    }
  }
}

/** It may fail at its end, once all is done: by its own conditions, or by the name of a handler that its items alone can tell. Nothing may have been done behind it. */
function isOpen({ failed_when, changed_when, loop, notify }: Task): boolean {
  const isJudged = failed_when !== undefined || changed_when !== undefined
  return isJudged || (loop !== undefined && notify.some(({ references }) => references.length > 0))
}

/** Paths that changes have touched. */
class Written {
  readonly #paths: string[] = []

  add(footprint: readonly string[] | 'all'): void {
    if (footprint === 'all') return
    for (const print of footprint) if (print.startsWith('file:/')) this.#paths.push(print.slice('file:'.length))
  }

  /** Whether one of them is this, is in it, or leads to it. */
  holds(path: string): boolean {
    return this.#paths.some(one => one === path || one.startsWith(`${path}/`) || path.startsWith(`${one}/`))
  }
}
