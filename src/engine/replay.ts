import type { Module, Plan } from '../core/module.ts'
import type { Question } from '../core/question.ts'
import { reveal } from '../core/secret.ts'
import { findUnknown, Unknown } from '../core/unknown.ts'
import { isList, type Value, type Vars } from '../core/value.ts'
import { renderTree } from '../language/index.ts'
import { coerceArgs } from '../playbook/args.ts'
import type { Task } from '../playbook/model.ts'
import type { BatchContext } from './context.ts'
import { foretold, openOf, predicted, recalled } from './foresight.ts'
import { actingHost, type Standing, siteOf } from './ground.ts'
import type { HostState } from './host.ts'
import { identityKey } from './ledger.ts'
import { type Entry, Given } from './scope.ts'
import type { Site } from './site.ts'
import { scopeFor } from './variables.ts'

/** Where the coming tasks are seen from. */
export interface Ground {
  readonly batch: BatchContext
  readonly state: HostState
  readonly site: Site
}

/** A coming task, or one item of its loop. */
export interface Coming {
  readonly task: Task
  readonly vars?: ReadonlyMap<string, Entry> | undefined
  /** Which item of its loop. */
  readonly index?: number | undefined
  /** Handlers may be flushed before it. */
  readonly flushed?: boolean
}

/** The names that a task sets for those after it. */
export function namesSetBy(task: Task): readonly string[] {
  const facts = task.module === 'set_fact' ? [...task.args.entries.keys()] : []
  return task.register === undefined ? facts : [...facts, task.register]
}

const longestLoop = 1000

export interface Rounds {
  readonly rounds: readonly Coming[]
  /** These are all of them. */
  readonly areAll: boolean
}

/** A coming task item by item, as far as one looks ahead. */
export function roundsOf({ batch, state }: Ground, coming: Coming): Rounds {
  const { task, vars } = coming
  const { loop } = task
  if (vars || !loop) return { rounds: [coming], areAll: true }
  const items: Value = renderTree(loop.items, scopeFor(batch, state, task))
  if (!isList<Value>(items)) return { rounds: [], areAll: false }
  const rounds = items.slice(0, longestLoop).map((item, index) => {
    const vars = new Map<string, Entry>([[loop.loop_var, new Given(item)]])
    if (loop.index_var !== undefined) vars.set(loop.index_var, new Given(index))
    return { task, vars, index }
  })
  return { rounds, areAll: rounds.length === items.length }
}

export function standingOf({ batch, state }: Ground, { task, vars }: Coming): Standing {
  return { batch, task, state, scope: scopeFor(batch, state, task, vars) }
}

/** Where a coming task will act, and with which arguments. */
export interface Foreseen {
  readonly standing: Standing
  readonly site: Site
  readonly args: Vars
}

/** Undefined where its arguments are not known, or where it may share no frame with the task at hand. */
export function foreseen(ground: Ground, module: Module, standing: Standing): Foreseen | undefined {
  const { task, state, scope } = standing
  if (actingHost(standing) !== state) return undefined
  const site = siteOf(standing)
  if (!sameEars(ground.site, site, state) || site.predicting !== ground.site.predicting) return undefined
  const rendered = renderTree(task.args, scope)
  if (findUnknown(rendered)) return undefined
  const coerced = coerceArgs(module, rendered, task.args)
  return 'problems' in coerced ? undefined : { standing, site, args: coerced.args }
}

/** The same user in the same environment: their questions may share a frame. */
function sameEars(a: Site, b: Site, state: HostState): boolean {
  const environment = (site: Site) => site.environment.map(([name, text]) => `${name}=${reveal(text)}`).join('\n')
  return environment(a) === environment(b) && identityKey(a.identity(state)) === identityKey(b.identity(state))
}

/** What came of playing a plan with what is known. */
export type Replayed = { readonly plan: Plan } | { readonly missing: readonly Question[] }

/** Plays a plan from its start with what is known, up to the first questions that are not. Nothing missing, and no plan: an answer is Unknown. */
export async function replay(module: Module, { standing, site, args }: Foreseen): Promise<Replayed> {
  const { batch, state } = standing
  const groups = Object.fromEntries(batch.project.inventory.groups)
  const asking = module.plan(args, { host: state.name, groups })
  let step = asking.next([])
  while (!step.done) {
    const questions = step.value
    const answers = await Promise.all(questions.map(question => knownAnswer(site, state, question)))
    const missing = questions.filter((_, i) => answers[i] === undefined)
    if (missing.length > 0) return { missing }
    if (answers.some(answer => answer!.value instanceof Unknown)) return { missing: [] }
    step = asking.next(answers.map(answer => answer!.value))
  }
  return { plan: step.value }
}

async function knownAnswer(
  site: Site,
  state: HostState,
  question: Question,
): Promise<{ readonly value: unknown } | undefined> {
  // Other hosts' answers are not looked ahead: whoever hangs on them waits for its turn.
  if (question.on !== undefined && question.on !== state.name) return undefined
  const one = openOf(site, question, 0)
  if (one.kind.control) return readable.has(question.kind) ? { value: await site.control(question) } : undefined
  const sure = predicted(site, state, one)
  if (sure !== undefined) return { value: sure }
  const known = recalled(site, state, one)
  return known && { value: foretold(site, state, one, known.value) }
}

/** What the control side answers from its own disk; a download waits for its task. */
const readable: ReadonlySet<string> = new Set(['local.file', 'local.template', 'local.tree', 'local.digest'])
