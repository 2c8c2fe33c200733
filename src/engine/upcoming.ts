import type { Item, Play } from '../playbook/model.ts'
import type { HostState } from './host.ts'
import type { Coming } from './replay.ts'

/** Where the play goes on after the item at hand: the rest of its list, then what follows that list. */
export interface Rest {
  readonly items: readonly Item[]
  /** Index of the next item. */
  readonly from: number
  readonly after: Rest | undefined
  /** Handlers are flushed after this list. */
  readonly flushes?: boolean
}

/** The tasks that come next on a host as long as nothing fails; ends where only the run itself can tell what comes. */
export function* upcoming(rest: Rest | undefined, state: HostState): Generator<Coming> {
  let flushed = false
  for (let at = rest; at !== undefined; at = at.after) {
    if (!(yield* within(at.items.slice(at.from), flushed))) return
    // What a handler does is a change like any other.
    if (at.flushes && state.notified.size > 0) return
    flushed ||= at.flushes === true
  }
}

/** False where it has come to what only the run itself can tell. */
function* within(items: readonly Item[], flushed: boolean): Generator<Coming, boolean> {
  for (const item of items) {
    if (item.kind === 'task') yield { task: item, flushed }
    else if (item.kind === 'block') {
      if (!(yield* within([...item.block, ...item.always], flushed))) return false
    } else if (item.kind !== 'meta' || item.action !== 'noop') return false
  }
  return true
}

/** The play's sections that have tasks. What earlier runs owe is paid where its handler would have run, not before the first task. */
export function sectionsOf({ sections }: Play): readonly (readonly Item[])[] {
  const filled = sections.filter(section => section.length > 0)
  return filled.length > 0 ? filled : [[]]
}

/** What follows a section: the flush of its handlers, then the sections after it. */
export function restAfter(sections: readonly (readonly Item[])[], index: number): Rest | undefined {
  const next = sections[index + 1]
  if (!next) return undefined
  const rest: Rest = { items: next, from: 0, after: restAfter(sections, index + 1) }
  return { items: [], from: 0, after: rest, flushes: true }
}
