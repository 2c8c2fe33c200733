import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cases } from './cases/index.ts'
import { hold, patience, triesOf } from './hold.ts'
import { holdByAnswers } from './hold-answers.ts'
import { realParts } from './play.ts'
import { openScratch } from './scratch.ts'
import { print, Tally } from './tally.ts'
import type { World } from './world.ts'

const tries = triesOf(15)
const scratch = new Tally('laws, each module in a folder of this machine')
const answers = new Tally('laws, each module by generated answers', 'answers', ['L2', 'L3', 'L4', 'L5'])
let world: World

beforeAll(() => {
  world = openScratch()
})

afterAll(async () => {
  await world.close()
  print(scratch, answers)
})

/** Laws about plays that do nothing prove nothing; of a few tries many may have nothing to do. */
function least(tried: number): number {
  return tried < 50 ? 0 : tried / 8
}

describe('in a folder of this machine the laws hold for', () => {
  for (const { module, scratch: trials, readOnly } of cases) {
    if (!trials) continue
    test(module, patience, async () => {
      await hold(module, trials, { world, parts: realParts, tally: scratch, tries })
      const { tries: tried, changed, failed } = scratch.row(module)
      // A machine so busy that it came to a few only has seen too little for that.
      if (tried < Math.min(tries, 10)) return
      if (!readOnly) expect(changed).toBeGreaterThan(least(tried))
      expect(failed).toBeLessThan((tried * 2) / 3)
    })
  }
})

describe('by generated answers the laws hold for', () => {
  for (const { module, answers: trials, readOnly } of cases) {
    if (!trials) continue
    test(module, patience, () => {
      holdByAnswers(module, trials, { parts: realParts, tally: answers, tries: tries * 4 })
      if (!readOnly) expect(answers.row(module).changed).toBeGreaterThan(least(tries * 4))
    })
  }
})
