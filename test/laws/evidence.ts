import type { Ran } from './play.ts'
import { type Parts, playOf } from './play.ts'
import type { Snapshot } from './snapshot.ts'
import { placed, type Trial } from './trial.ts'
import type { World } from './world.ts'

/** All that the laws look at: what four runs of one play said, and the host before, between and after. */
export interface Evidence {
  readonly trial: Trial
  readonly root: string
  readonly before: Snapshot
  readonly check: Ran
  readonly afterCheck: Snapshot
  readonly run: Ran
  readonly afterRun: Snapshot
  readonly second: Ran
  readonly afterSecond: Snapshot
  /** A check of what the runs have made. */
  readonly last: Ran
}

/** Checks, runs, runs again and checks again. */
export async function gather(world: World, parts: Parts, trial: Trial): Promise<Evidence> {
  const here = placed(trial, world.root)
  await world.prepare(here.found, here.served)
  const play = playOf(world, parts, here)
  try {
    const before = await world.snapshot()
    const check = await play.run(true)
    const afterCheck = await world.snapshot()
    const run = await play.run(false)
    const afterRun = await world.snapshot()
    const second = await play.run(false)
    const afterSecond = await world.snapshot()
    const last = await play.run(true)
    return { trial: here, root: world.root, before, check, afterCheck, run, afterRun, second, afterSecond, last }
  } finally {
    play.close()
  }
}
