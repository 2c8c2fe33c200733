import { treeReferences } from '../language/index.ts'
import type { Expression, Reference, Template } from '../language/scope.ts'
import type { Include, Item, Keywords, Loop, Task } from './model.ts'

/** What an item of a play reads, and the names that exist for it alone. */
export interface Reading {
  readonly references: readonly Reference[]
  /** Read before there is an item of the loop. */
  readonly ofLoop: readonly Reference[]
  readonly locals: readonly string[]
}

type Compiled = Template | Expression | boolean | number | string | undefined

export function readingOf(item: Task | Include): Reading {
  const references = [
    ...referencesIn([item.name, item.loop?.label]),
    ...ofKeywords(item.keywords),
    ...(item.kind === 'task' ? ofTask(item) : item.target.references),
  ]
  return { references, ofLoop: item.loop ? treeReferences(item.loop.items) : [], locals: loopNames(item.loop) }
}

export function loopNames(loop: Loop | undefined): readonly string[] {
  if (!loop) return []
  return [loop.loop_var, 'ansible_loop_var', 'ansible_loop', ...(loop.index_var === undefined ? [] : [loop.index_var])]
}

function ofKeywords(keywords: Keywords): readonly Reference[] {
  const { become, become_user, ignore_errors, timeout, delegate_to, when, environment } = keywords
  return [
    ...referencesIn([become, become_user, ignore_errors, timeout, delegate_to, ...when]),
    ...environment.flatMap(tree => treeReferences(tree)),
  ]
}

function ofTask({ args, expressions, notify, until, changed_when = [], failed_when = [] }: Task): readonly Reference[] {
  return [
    ...treeReferences(args),
    ...referencesIn([...expressions.values()].flat()),
    ...referencesIn([...notify, ...changed_when, ...failed_when]),
    ...referencesIn([...(until?.until ?? []), until?.retries, until?.delay]),
  ]
}

function referencesIn(compiled: readonly Compiled[]): readonly Reference[] {
  return compiled.flatMap(one => (typeof one === 'object' ? one.references : []))
}

/** The tasks and includes among items, blocks looked into; and what includes name outright is there with them. */
export interface Visited {
  readonly item: Task | Include
  /** Names of the loops of the includes around. */
  readonly around: readonly string[]
}

export function* visit(items: readonly Item[], around: readonly string[] = []): Iterable<Visited> {
  for (const item of items) {
    if (item.kind === 'block') yield* visit([...item.block, ...item.rescue, ...item.always], around)
    if (item.kind === 'task') yield { item, around }
    if (item.kind !== 'include') continue
    yield { item, around }
    if (item.constant !== undefined) {
      yield* visit(item.load(item.constant).items, [...around, ...loopNames(item.loop)])
    }
  }
}
