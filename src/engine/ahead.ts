import type { Module } from '../core/module.ts'
import type { Question } from '../core/question.ts'
import { reveal } from '../core/secret.ts'
import { findUnknown, Unknown } from '../core/unknown.ts'
import { isList, type Value } from '../core/value.ts'
import { renderTree } from '../language/index.ts'
import { coerceArgs } from '../playbook/args.ts'
import type { Task } from '../playbook/model.ts'
import { builtins } from './builtins.ts'
import type { BatchContext } from './context.ts'
import { allHold } from './decide.ts'
import { factQuestions, missingFacts } from './facts.ts'
import { foretold, type Open, openOf, predicted, recalled } from './foresight.ts'
import { actingHost, type Standing, siteOf } from './ground.ts'
import type { HostState } from './host.ts'
import { identityKey } from './ledger.ts'
import { readsOf } from './reads.ts'
import { type Entry, Given } from './scope.ts'
import type { Site } from './site.ts'
import type { Coming } from './upcoming.ts'
import { scopeFor } from './variables.ts'

/** Where a look ahead begins. */
export interface Outlook {
  readonly batch: BatchContext
  readonly state: HostState
  readonly coming: Iterable<Coming>
}

/**
 * The questions of the coming tasks whose arguments are known, as far as they are the same user's on the same host.
 * Only what is asked is looked ahead: a mistake, a failure, a condition are told by the task itself, at its turn.
 */
export async function lookAhead(outlook: Outlook, site: Site): Promise<readonly Open[]> {
  const { batch, state, coming } = outlook
  const open: Open[] = []
  const pending = new Set<string>()
  let left = state.window
  for (const one of coming) {
    if (left <= 0 || isBarrier(batch, one.task)) break
    const seen = await survey({ batch, state, site }, one, pending).catch(() => undefined)
    for (const name of namesSetBy(one.task)) pending.add(name)
    if (!seen) continue
    open.push(...seen.open)
    if (seen.open.length > 0) left--
    // What comes after a change is asked after it.
    if (seen.changes) break
  }
  return open
}

interface Survey {
  readonly open: readonly Open[]
  /** It will surely change something, or wait. */
  readonly changes: boolean
}

interface Ground {
  readonly batch: BatchContext
  readonly state: HostState
  readonly site: Site
}

/** Tasks after which anything may be different, and before which nothing they would say can be known. */
function isBarrier({ options }: BatchContext, task: Task): boolean {
  return task.until !== undefined || (options.check && task.keywords.check_mode === false)
}

function namesSetBy(task: Task): readonly string[] {
  const facts = task.module === 'set_fact' ? [...task.args.entries.keys()] : []
  return task.register === undefined ? facts : [...facts, task.register]
}

// What cannot be rendered or planned says why at its turn.
async function survey(
  ground: Ground,
  { task, vars }: Coming,
  pending: ReadonlySet<string>,
): Promise<Survey | undefined> {
  const { batch, state, site } = ground
  const module = batch.modules.get(task.module)
  if (!module || builtins.has(module.name) || task.keywords.run_once) return undefined
  const scope = scopeFor(batch, state, task, vars)
  const { roots } = readsOf(scope, task)
  if (roots.has('hostvars') || [...roots].some(name => pending.has(name))) return undefined
  const facts = missingFacts(batch.deps.facts, { state, scope, task })
  if (facts.length > 0) return { open: opened(site, state, factQuestions(batch.deps.facts, facts)), changes: false }
  const rounds =
    vars || !task.loop ? [vars ?? new Map<string, Entry>()] : roundsOf(renderTree(task.loop.items, scope), task)
  const surveys = await Promise.all(rounds.map(round => surveyRound(ground, { task, module, round })))
  return { open: surveys.flatMap(one => one?.open ?? []), changes: surveys.some(one => one?.changes) }
}

const longestLoop = 1000

function roundsOf(items: Value, { loop }: Task): readonly ReadonlyMap<string, Entry>[] {
  if (!isList<Value>(items)) return []
  return items.slice(0, longestLoop).map((item, index) => {
    const vars = new Map<string, Entry>([[loop!.loop_var, new Given(item)]])
    if (loop!.index_var !== undefined) vars.set(loop!.index_var, new Given(index))
    return vars
  })
}

interface Round {
  readonly task: Task
  readonly module: Module
  readonly round: ReadonlyMap<string, Entry>
}

async function surveyRound(
  { batch, state, site }: Ground,
  { task, module, round }: Round,
): Promise<Survey | undefined> {
  const scope = scopeFor(batch, state, task, round)
  const standing: Standing = { batch, task, state, scope }
  if (actingHost(standing) !== state || allHold(task.keywords.when, scope) !== true) return undefined
  const there = siteOf(standing)
  if (!sameEars(site, there, state) || there.predicting !== site.predicting) return undefined
  const rendered = renderTree(task.args, scope)
  if (findUnknown(rendered)) return undefined
  const coerced = coerceArgs(module, rendered, task.args)
  if ('problems' in coerced) return undefined
  const groups = Object.fromEntries(batch.project.inventory.groups)
  return replay(there, state, module.plan(coerced.args, { host: state.name, groups }))
}

/** The same user in the same environment: their questions may share a frame. */
function sameEars(a: Site, b: Site, state: HostState): boolean {
  const environment = (site: Site) => site.environment.map(([name, text]) => `${name}=${reveal(text)}`).join('\n')
  return environment(a) === environment(b) && identityKey(a.identity(state)) === identityKey(b.identity(state))
}

/** Plays a plan from its start with what is known, up to the first questions that are not. */
async function replay(site: Site, state: HostState, asking: ReturnType<Module['plan']>): Promise<Survey> {
  let step = asking.next([])
  while (!step.done) {
    const questions = step.value
    const answers = await Promise.all(questions.map(question => knownAnswer(site, state, question)))
    const missing = questions.filter((_, i) => answers[i] === undefined)
    if (missing.length > 0) return { open: opened(site, state, missing), changes: false }
    if (answers.some(answer => answer!.value instanceof Unknown)) return { open: [], changes: false }
    step = asking.next(answers.map(answer => answer!.value))
  }
  const { changes, settle } = step.value
  return { open: [], changes: changes.length > 0 || settle !== undefined }
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

/** Those of the questions that can go along: asked of this host, by what need not have a channel of its own. */
function opened(site: Site, state: HostState, questions: readonly Question[]): readonly Open[] {
  return questions
    .filter(question => question.on === undefined || question.on === state.name)
    .map(question => openOf(site, question, -1))
    .filter(one => !one.kind.control && !one.kind.own && predicted(site, state, one) === undefined)
}
