import { askAll, type Question } from '../core/question.ts'
import { Unknown } from '../core/unknown.ts'
import type { Vars } from '../core/value.ts'
import type { Reference } from '../language/scope.ts'
import type { Task } from '../playbook/model.ts'
import type { Facts } from './deps.ts'
import { drive } from './drive.ts'
import type { HostState } from './host.ts'
import { readsOf } from './reads.ts'
import type { TaskScope } from './scope.ts'
import type { Site } from './site.ts'

interface Referring {
  /** Whose facts the scope speaks of: the task's own host, also where it is delegated. */
  readonly state: HostState
  readonly scope: TaskScope
  readonly task: Task
  /** What its template file refers to. */
  readonly more?: readonly Reference[] | undefined
}

/** Asks the facts that the task refers to, through its variables' own templates too, and has not asked yet: one question. Gives the scope that has them. */
export async function gatherReferred(site: Site, facts: Facts, referring: Referring): Promise<TaskScope> {
  const { state, scope } = referring
  const missing = missingFacts(facts, referring)
  if (missing.length === 0) return scope
  // What comes along with a frame is asked of the host that the task acts on.
  const own = site.acting === state ? site : { ...site, acting: state, ahead: undefined }
  const driven = await drive(own, askAll(...factQuestions(facts, missing)))
  for (const [i, name] of missing.entries()) {
    state.facts.set(name, driven instanceof Unknown ? driven : (driven.result[i]![name] ?? null))
  }
  return scope.anew()
}

/** One a name, so that what has been asked ahead is found again, name by name; the kind asks them in one script. */
export function factQuestions(facts: Facts, names: readonly string[]): readonly Question<Vars>[] {
  return names.map(name => facts.question([name]))
}

/** The facts that a task reads and its host has not told yet. */
export function missingFacts(facts: Facts, { state, scope, task, more }: Referring): readonly string[] {
  const read = [...readsOf(scope, task, more).facts]
  const all = read.some(name => name === undefined || !facts.names.includes(name))
  const names = all ? facts.names : (read as readonly string[])
  return names.filter(name => !state.facts.has(name))
}
