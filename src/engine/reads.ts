import { treeReferences } from '../language/index.ts'
import type { Reference, Tree } from '../language/scope.ts'
import { connectionNames } from '../playbook/connection-vars.ts'
import type { Task } from '../playbook/model.ts'
import { Given, Lazy, type TaskScope } from './scope.ts'

export interface Reads {
  /** Every variable that is looked at, through other variables' templates too. */
  readonly roots: ReadonlySet<string>
  /** The first names below `ansible_facts`; undefined among them: all of it. */
  readonly facts: ReadonlySet<string | undefined>
}

/** What a task may look at when it is rendered in a scope; `more` is what its template file names. */
export function readsOf(scope: TaskScope, task: Task, more: readonly Reference[] = []): Reads {
  const roots = new Set<string>()
  const facts = new Set<string | undefined>()
  const follow = (reference: Pick<Reference, 'root' | 'path'>): void => {
    const { root, path } = reference
    if (root === 'ansible_facts') facts.add(path[0] === undefined ? undefined : String(path[0]))
    if (roots.has(root)) return
    roots.add(root)
    const entry = scope.entry(root)
    if (entry && !(entry instanceof Given) && !(entry instanceof Lazy)) treeReferences(entry).forEach(follow)
  }
  for (const root of becoming) follow({ root, path: [] })
  for (const reference of [...references(task), ...more]) follow(reference)
  return { roots, facts }
}

/** Variables say who acts. */
const becoming = [connectionNames.become, connectionNames.become_user, connectionNames.become_method].flat()

const known = new WeakMap<Task, readonly Reference[]>()

/** Every variable a task reads by itself. */
function references(task: Task): readonly Reference[] {
  const before = known.get(task)
  if (before) return before
  const { keywords, loop, until, changed_when = [], failed_when = [] } = task
  const trees: readonly Tree[] = [task.args, ...keywords.environment, ...(loop ? [loop.items] : [])]
  const texts = [task.name, loop?.label, keywords.delegate_to, keywords.become, keywords.become_user, ...task.notify]
  const own = [...task.expressions.values()].flat()
  const expressions = [
    ...own,
    ...keywords.when,
    ...changed_when,
    ...failed_when,
    ...(until?.until ?? []),
    keywords.ignore_errors,
  ]
  const compiled = [...texts, ...expressions].filter(one => typeof one === 'object')
  const all = [...trees.flatMap(tree => [...treeReferences(tree)]), ...compiled.flatMap(one => one.references)]
  known.set(task, all)
  return all
}
