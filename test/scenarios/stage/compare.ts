import { isDeepStrictEqual } from 'node:util'
import type { Facet } from '../../../src/core/change.ts'
import type { ShownChange } from '../../../src/core/event.ts'
import type { HostEnd, Played } from './pitool.ts'

/**
 * Law L2: what a check decides is what a run does. Gives what contradicts it, a line each: a decision that came out
 * otherwise, a change shown otherwise, a task that one of the two has and the other doesn't. Unknown may become anything.
 */
export function contradictions(check: Played, run: Played): readonly string[] {
  const said = byTask(check)
  const done = byTask(run)
  const missing = [...done.keys()].filter(key => !said.has(key)).map(key => `${key}: the check does not have it`)
  const wrong = [...said].flatMap(([key, one]) => contradiction(key, one, done.get(key)))
  return [...missing, ...wrong]
}

function contradiction(key: string, said: HostEnd, done: HostEnd | undefined): readonly string[] {
  if (said.status === 'unknown') return []
  if (done === undefined) return [`${key}: the check says ${said.status}, the run does not have it`]
  if (said.status !== done.status) return [`${key}: the check says ${said.status}, the run ${done.status}`]
  if (isDeepStrictEqual(said.changes.map(known), told(said, done))) return []
  return [`${key}: the check shows ${JSON.stringify(said.changes)}, the run ${JSON.stringify(done.changes)}`]
}

/** The run's changes, without what the check called known after apply. */
function told({ changes }: HostEnd, done: HostEnd): readonly ShownChange[] {
  return done.changes.map((change, i) => {
    const open = new Set(changes[i]?.diff.facets?.filter(isOpen).map(({ name }) => name))
    return without(change, open)
  })
}

function known(change: ShownChange): ShownChange {
  return without(change, new Set(change.diff.facets?.filter(isOpen).map(({ name }) => name)))
}

const isOpen = ({ after }: Facet) => after.startsWith('(known after apply')

function without({ diff, ...change }: ShownChange, open: ReadonlySet<string>): ShownChange {
  const { before, after, ...rest } = diff
  const facets = diff.facets?.filter(({ name }) => !open.has(name))
  return { ...change, diff: { ...rest, ...(open.has('content') ? {} : { before, after }), ...(facets && { facets }) } }
}

function byTask({ ends }: Played): ReadonlyMap<string, HostEnd> {
  return new Map(ends.map(end => [`${end.host} ${end.task.place} ${end.task.name} ${end.item ?? ''}`, end]))
}

/** Of a host: the tasks that changed something, or may. */
export function pending(played: Played, host: string): readonly string[] {
  return played.ends
    .filter(end => end.host === host && (end.status === 'changed' || end.status === 'unknown'))
    .map(end => end.task.name)
}
