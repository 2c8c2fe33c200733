import type { Evidence } from '../evidence.ts'
import type { End, Ran } from '../play.ts'
import { disagreements } from './agree.ts'
import type { Rule } from './rule.ts'

/** L2: decided ⊆ run ⊆ decided ∪ Unknown, task by task, with their changes, diffs and registered values. */
export const asDecided: Rule = {
  law: 'L2',
  breaches({ check, run, trial }) {
    const decided = keyed(check)
    const came = keyed(run)
    const breaches: string[] = []
    for (const [key, end] of came) {
      const before = decided.get(key)
      // What only carrying can tell: nothing is promised from there on.
      if (trial.mayFail && end.status === 'failed' && opaque.has(end.task.module)) return breaches
      const said = before === undefined ? overlooked(check, end) : against(before, end)
      breaches.push(...said.map(what => `${end.task.name} (${key}): ${what}`))
      // After a failure nothing is promised.
      if (end.status === 'failed' && !end.ignored) return breaches
    }
    for (const [key, end] of decided) {
      if (came.has(key) || end.status === 'unknown' || end.assumed !== undefined) continue
      breaches.push(`${end.task.name} (${key}): ${end.status} was decided, but it never ran`)
    }
    return breaches
  },
}

const opaque = new Set(['command', 'shell'])

/** By place and item, counted where a handler or a loop comes by twice. */
function keyed({ ends }: Ran): ReadonlyMap<string, End> {
  const found = new Map<string, End>()
  for (const end of ends) {
    const base = end.item === undefined ? end.task.place : `${end.task.place} [${end.item}]`
    let key = base
    for (let again = 2; found.has(key); again++) key = `${base} #${again}`
    found.set(key, end)
  }
  return found
}

/** A loop whose items were Unknown is one Unknown end of its task; all else must have been announced. */
function overlooked(check: Ran, end: End): readonly string[] {
  const vague = check.ends.some(one => one.task.place === end.task.place && one.status === 'unknown')
  const stopped = check.ends.some(one => one.status === 'failed' && !one.ignored)
  return vague || stopped ? [] : [`${end.status}, of which the check said nothing`]
}

function against(decided: End, came: End): readonly string[] {
  if (decided.status === 'unknown' || decided.assumed !== undefined) return []
  if (decided.status !== came.status) {
    return [`${decided.status} was decided, ${came.status} came${why(came) ?? why(decided) ?? ''}`]
  }
  if (came.status === 'failed') return disagreements(decided.diagnostic?.code, came.diagnostic?.code, 'code')
  return [
    ...disagreements(decided.changes, came.changes, 'changes'),
    ...disagreements(timeless(decided.result), timeless(came.result), 'result'),
  ]
}

// The clock goes on between a check and a run.
const clocks = new Set(['start', 'end', 'delta', 'elapsed', 'heartbeat_age'])

function timeless(result: End['result']): unknown {
  return result && Object.fromEntries(Object.entries(result).filter(([name]) => !clocks.has(name)))
}

function why({ diagnostic }: End): string | undefined {
  return diagnostic && `: ${diagnostic.code}: ${diagnostic.message}${diagnostic.cause ? ` (${diagnostic.cause})` : ''}`
}

export function decisionsOf({ check }: Evidence): readonly string[] {
  return check.ends.map(end => end.status)
}
