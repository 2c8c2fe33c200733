import { afterAll, beforeAll, describe, test } from 'vitest'
import { modules } from '../../src/modules/index.ts'
import { breachesOfSecrets, canaries } from './canaries.ts'
import { cases } from './cases/index.ts'
import { exempt } from './coverage.ts'
import { holdEach, patience, triesOf } from './hold.ts'
import { playOfAnswers } from './of-answers.ts'
import { realParts } from './play.ts'
import { openWatched, type WatchedWorld } from './scratch.ts'
import { print, Tally } from './tally.ts'

const tries = triesOf(5)
const tally = new Tally('laws, secrets in every text of each module', 'here', ['L5'])
let world: WatchedWorld

beforeAll(() => {
  world = openWatched()
})
afterAll(async () => {
  await world.close()
  print(tally)
})

describe('a secret stays one in every text of', () => {
  for (const { module: name, scratch, answers, lab } of cases) {
    const module = modules.find(one => one.name === name)
    if (!module || Object.hasOwn(exempt.L5, name)) continue
    test(name, patience, async () => {
      // What a booted host has is not here: there a check has to do.
      const plays = scratch ?? answers?.map(one => playOfAnswers(name, one)) ?? lab!
      await holdEach(name, canaries(module, plays, scratch === undefined), {
        tally,
        tries,
        look: async trial => {
          const { breaches, failed } = await breachesOfSecrets(world, realParts, trial)
          const untried = trial.trial.secrets?.canary === undefined ? (['L5'] as const) : []
          return { ended: failed ? 'failed' : 'changed', vague: false, untried, breaches }
        },
      })
    })
  }
})
