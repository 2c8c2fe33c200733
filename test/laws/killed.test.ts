import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cases } from './cases/index.ts'
import { exempt } from './coverage.ts'
import { peaceful } from './gen/plays.ts'
import { holdEach, patience, triesOf } from './hold.ts'
import { type Cutting, endsSomewhere, killable, killedAndAgain } from './killed.ts'
import { realParts } from './play.ts'
import { openWatched, type WatchedWorld } from './scratch.ts'
import { print, Tally } from './tally.ts'

const tries = triesOf(5)
const tally = new Tally('laws, each module killed at any call of a program', 'here', ['L4'])
let world: WatchedWorld

beforeAll(() => {
  world = openWatched()
})
afterAll(async () => {
  await world.close()
  print(tally)
})

const cutting = (): Cutting => ({
  begin: () => world.shims.forget(),
  steps: () => world.shims.places(),
  cutAt: step => world.shims.killAt(step),
  get cut() {
    return world.shims.killed
  },
})

describe('killed anywhere, the next run finishes the work of', () => {
  const put = cases.flatMap(({ module, scratch }) =>
    scratch === undefined || Object.hasOwn(exempt.L4, module) ? [] : [[module, scratch] as const],
  )
  test.each([...put, ['whole plays', peaceful] as const])('%s', patience, async (name, trials) => {
    await holdEach(name, killable(trials.filter(endsSomewhere)), {
      tally,
      tries,
      look: killed => killedAndAgain(world, cutting(), { parts: realParts, killed }),
    })
    // Where nothing was to be done, nothing was killed; of a few tries that may be all.
    const { tries: tried, changed, vague } = tally.row(name)
    if (tried >= 20) expect(changed - vague).toBeGreaterThan(tried / 4)
  })
})
