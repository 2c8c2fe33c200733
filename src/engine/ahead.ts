import type { Module } from '../core/module.ts'
import type { Question } from '../core/question.ts'
import type { Task } from '../playbook/model.ts'
import { builtins } from './builtins.ts'
import type { BatchContext } from './context.ts'
import { allHold } from './decide.ts'
import { factQuestions, missingFacts } from './facts.ts'
import { type Open, openOf, predicted } from './foresight.ts'
import type { HostState } from './host.ts'
import { readsOf } from './reads.ts'
import { type Coming, foreseen, type Ground, namesSetBy, replay, roundsOf, standingOf } from './replay.ts'
import type { Site } from './site.ts'
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

/** Tasks after which anything may be different, and before which nothing they would say can be known. */
function isBarrier({ options }: BatchContext, task: Task): boolean {
  return task.until !== undefined || (options.check && task.keywords.check_mode === false)
}

// What cannot be rendered or planned says why at its turn.
async function survey(ground: Ground, coming: Coming, pending: ReadonlySet<string>): Promise<Survey | undefined> {
  const { batch, state, site } = ground
  const { task, vars } = coming
  const module = batch.modules.get(task.module)
  if (!module || builtins.has(module.name) || task.keywords.run_once) return undefined
  const scope = scopeFor(batch, state, task, vars)
  const { roots } = readsOf(scope, task)
  if (roots.has('hostvars') || [...roots].some(name => pending.has(name))) return undefined
  const facts = missingFacts(batch.deps.facts, { state, scope, task })
  if (facts.length > 0) return { open: opened(site, state, factQuestions(batch.deps.facts, facts)), changes: false }
  const { rounds } = roundsOf(ground, coming)
  const surveys = await Promise.all(rounds.map(round => surveyRound(ground, module, round)))
  return { open: surveys.flatMap(one => one?.open ?? []), changes: surveys.some(one => one?.changes) }
}

async function surveyRound(ground: Ground, module: Module, round: Coming): Promise<Survey | undefined> {
  const standing = standingOf(ground, round)
  if (allHold(round.task.keywords.when, standing.scope) !== true) return undefined
  const known = foreseen(ground, module, standing)
  if (!known) return undefined
  const seen = await replay(module, known)
  if ('missing' in seen) return { open: opened(known.site, ground.state, seen.missing), changes: false }
  const { changes, settle } = seen.plan
  return { open: [], changes: changes.length > 0 || settle !== undefined }
}

/** Those of the questions that this host is to be asked. */
function opened(site: Site, state: HostState, questions: readonly Question[]): readonly Open[] {
  return questions
    .filter(question => question.on === undefined || question.on === state.name)
    .map(question => openOf(site, question, -1))
    .filter(one => !one.kind.control && predicted(site, state, one) === undefined)
}
