import { playOf, type Ran, realParts } from './play.ts'
import { disagreements } from './rules/agree.ts'
import type { Breach } from './rules/rule.ts'
import { type FileState, sameFile } from './snapshot.ts'
import { placed, type Trial } from './trial.ts'
import type { World } from './world.ts'

/** The same play on the same state, with and without looking ahead: what ends how, what is shown, what is there. */
export async function aheadOrNot(world: World, trial: Trial): Promise<readonly Breach[]> {
  const here = placed(trial, world.root)
  const once = async (lookAhead: boolean) => {
    await world.prepare(here.found)
    const play = playOf(world, realParts, here)
    try {
      const check = await play.run(true, lookAhead)
      const run = await play.run(false, lookAhead)
      return { check: told(check), run: told(run), files: (await world.snapshot()).files }
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
  return what.map(what => ({ law: 'L2', what: `with looking ahead: ${what}` }))
}

/** Each project has a folder of its own in places: line and column count. */
function told({ ends }: Ran) {
  return ends.map(({ task, item, status, changes, unknown, notified, ignored }) => ({
    task: task.name,
    place: task.place.replace(/^.*\//, ''),
    item,
    status,
    changes: changes.map(change => ({ ...change, diff: { ...change.diff } })),
    unknown,
    notified,
    ignored,
  }))
}

function unlike(plain: ReadonlyMap<string, FileState>, ahead: ReadonlyMap<string, FileState>): readonly string[] {
  const names = [...new Set([...plain.keys(), ...ahead.keys()])]
  return names.filter(name => !sameFile(plain.get(name), ahead.get(name))).map(name => `${name} is another`)
}
