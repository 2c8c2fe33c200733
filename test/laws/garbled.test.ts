import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cases } from './cases/index.ts'
import { exempt } from './coverage.ts'
import { breachesOfGarbage, garbled } from './garbled.ts'
import { holdEach, patience, triesOf } from './hold.ts'
import { playOfAnswers } from './of-answers.ts'
import { realParts } from './play.ts'
import { openScratch } from './scratch.ts'
import { print, Tally } from './tally.ts'
import type { World } from './world.ts'

const tries = triesOf(12)
const tally = new Tally('laws, bad answers to the questions of each module', 'here', ['L7'])
let world: World

beforeAll(() => {
  world = openScratch()
})
afterAll(async () => {
  await world.close()
  print(tally)
})

describe('a bad answer fails the host, and nothing else, in', () => {
  for (const { module, scratch, answers, lab } of cases) {
    if (Object.hasOwn(exempt.L7, module)) continue
    test(module, patience, async () => {
      const trials =
        answers?.map(one => ({ trial: playOfAnswers(module, one), answers: one.answers })) ??
        (scratch ?? lab)!.map(trial => ({ trial }))
      let asked = 0
      await holdEach(module, garbled(trials), {
        tally,
        tries,
        look: async trial => {
          const { breaches, asks } = await breachesOfGarbage(world, realParts, trial)
          if (asks) asked++
          return { ended: asks ? 'failed' : 'ok', vague: false, untried: asks ? [] : ['L7'], breaches }
        },
      })
      const { tries: tried } = tally.row(module)
      // A machine so busy that it came to a few only has seen too little for that.
      if (tried >= Math.min(tries, 10)) expect(asked).toBeGreaterThan(tried / 6)
    })
  }
})
