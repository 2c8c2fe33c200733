import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { modules } from '../../src/modules/index.ts'
import { cases } from './cases/index.ts'
import { exempt, playsOf } from './coverage.ts'
import { holdEach, patience, triesOf } from './hold.ts'
import { breachesOfMistakes, mistaken } from './mistakes.ts'
import { realParts } from './play.ts'
import { openScratch } from './scratch.ts'
import { print, Tally } from './tally.ts'
import type { World } from './world.ts'

const tries = triesOf(15)
const tally = new Tally('laws, bad arguments of each module', 'here', ['L6'])
let world: World

beforeAll(() => {
  world = openScratch()
})
afterAll(async () => {
  await world.close()
  print(tally)
})

describe('a bad argument is told before the first connection, with its place and all others, of', () => {
  const put = modules.filter(({ name }) => cases.some(one => one.module === name) && !Object.hasOwn(exempt.L6, name))
  for (const module of put) {
    test(module.name, patience, async () => {
      const trials = mistaken(module, playsOf(module.name))
      expect(fc.sample(trials, 5).some(({ wrong }) => wrong.length > 0)).toBe(true)
      await holdEach(module.name, trials, {
        tally,
        tries,
        look: async trial => ({
          ended: 'failed',
          vague: false,
          untried: trial.wrong.length === 0 ? ['L6'] : [],
          breaches: breachesOfMistakes(world, realParts, trial),
        }),
      })
    })
  }
})
