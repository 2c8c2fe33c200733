import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aheadOrNot } from './ahead.ts'
import { neighbours } from './gen/neighbours.ts'
import { fighting, opaque, peaceful } from './gen/plays.ts'
import { hold, holdEach, patience, triesOf } from './hold.ts'
import { realParts } from './play.ts'
import { openScratch } from './scratch.ts'
import { print, Tally } from './tally.ts'
import type { World } from './world.ts'

const tries = triesOf(12)
const tally = new Tally('laws, whole plays over shared paths, with registers, conditions, loops and handlers')
const ahead = new Tally('laws, whole plays with and without looking ahead', 'here', ['L2'])
let world: World

beforeAll(() => {
  world = openScratch()
})

afterAll(async () => {
  await world.close()
  print(tally, ahead)
})

describe('the laws hold for plays of', patience, () => {
  test.each([
    ['wishes that undo one another', fighting],
    ['wishes that come true together', peaceful],
    ['wishes and commands', opaque],
  ])('%s', async (name, plays) => {
    await hold(name, plays, { world, parts: realParts, tally, tries })
    expect(tally.row(name).changed).toBeGreaterThan(tally.row(name).tries / 3)
    // What is Unknown is compared with nothing.
    if (plays !== opaque) expect(tally.row(name).vague).toBeLessThan((tally.row(name).tries * 2) / 3)
  })
})

describe('looking ahead changes nothing that is done or told, in plays of', patience, () => {
  test.each([
    ['wishes that undo one another', fighting],
    ['wishes and commands', opaque],
  ])('%s', async (name, plays) => {
    await holdEach(`${name}, ahead or not`, plays, {
      tally: ahead,
      tries: triesOf(8),
      look: async trial => {
        const { breaches } = await aheadOrNot(world, trial)
        return { ended: 'changed', vague: false, breaches }
      },
    })
  })

  test('neighbours whose changes share frames', async () => {
    let [plays, rode] = [0, 0]
    await holdEach('neighbours, ahead or not', neighbours, {
      tally: ahead,
      tries: triesOf(10),
      look: async trial => {
        const { breaches, joined } = await aheadOrNot(world, trial)
        plays++
        rode += joined
        return { ended: 'changed', vague: false, breaches }
      },
    })
    expect(rode).toBeGreaterThan(plays)
  })
})
