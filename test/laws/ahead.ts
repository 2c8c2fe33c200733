import { Secret } from '../../src/core/secret.ts'
import { Unknown } from '../../src/core/unknown.ts'
import type { JournalLine } from '../../src/engine/deps.ts'
import { playOf, type Ran, realParts } from './play.ts'
import { disagreements } from './rules/agree.ts'
import type { Breach } from './rules/rule.ts'
import { type FileState, sameFile } from './snapshot.ts'
import { placed, type Trial } from './trial.ts'
import type { World } from './world.ts'

export interface AheadOrNot {
  readonly breaches: readonly Breach[]
  /** How many tasks and items rode with another. */
  readonly joined: number
}

/** The same play on the same state, with and without looking ahead: what ends how, what is shown, what is there. */
export async function aheadOrNot(world: World, trial: Trial): Promise<AheadOrNot> {
  const here = placed(trial, world.root)
  const once = async (lookAhead: boolean) => {
    await world.prepare(here.found)
    const play = playOf(world, realParts, here)
    try {
      const check = await play.run(true, lookAhead)
      const run = await play.run(false, lookAhead)
      return { check: told(check), run: told(run), joined: joinedIn(run), files: (await world.snapshot()).files }
    } finally {
      play.close()
    }
  }
  const [ahead, plain] = [await once(true), await once(false)]
  const what = [
    ...disagreements(plain.check, ahead.check, 'check'),
    ...disagreements(plain.run, ahead.run, 'run'),
    ...unlike(plain.files, ahead.files),
  ]
  const breaches = what.map(what => ({ law: 'L2' as const, what: `with looking ahead: ${what}` }))
  return { breaches, joined: ahead.joined }
}

/** How many plans were carried in the frame of another: they are planned together. */
function joinedIn({ journal }: Ran): number {
  const types = (journal as readonly JournalLine[]).map(({ type }) => type)
  return types.filter((type, i) => type === 'planned' && types[i - 1] === 'planned').length
}

/** Each project has a folder of its own in places: line and column count. */
function told({ ends }: Ran) {
  return ends.map(({ task, item, status, changes, unknown, notified, ignored, result }) => ({
    task: task.name,
    place: task.place.replace(/^.*\//, ''),
    item,
    status,
    changes: changes.map(change => ({ ...change, diff: { ...change.diff } })),
    unknown,
    notified,
    ignored,
    result: result && timeless(result),
  }))
}

const timed: ReadonlySet<string> = new Set(['mtime', 'inode', 'start', 'end', 'delta'])

/** Times and inodes are those of each run, but known or not in both. */
function timeless(value: unknown): unknown {
  if (Array.isArray(value)) return { ...value.map(timeless) }
  if (typeof value !== 'object' || value === null || value instanceof Secret || value instanceof Unknown) return value
  const kept = Object.entries(value).filter(([name, part]) => !timed.has(name) || part instanceof Unknown)
  return Object.fromEntries(kept.map(([name, part]) => [name, timeless(part)]))
}

function unlike(plain: ReadonlyMap<string, FileState>, ahead: ReadonlyMap<string, FileState>): readonly string[] {
  const names = [...new Set([...plain.keys(), ...ahead.keys()])]
  return names.filter(name => !sameFile(plain.get(name), ahead.get(name))).map(name => `${name} is another`)
}
