import { afterAll, beforeAll, expect, test } from 'vitest'
import { lab } from '../lab/lab.ts'
import { batchesOf } from './batch.ts'
import { booted, bootedPatience, bootedSeconds, bootedTries, freshWorld } from './booted.ts'
import { cases } from './cases/index.ts'
import { exempt } from './coverage.ts'
import { full, holdEach } from './hold.ts'
import { endsSomewhere, killable, killedAndAgain } from './killed.ts'
import { realParts } from './play.ts'
import type { RemoteWorld } from './remote.ts'
import { print, Tally } from './tally.ts'

const name = 'killed'
const title = 'laws, a trial of each module in one play, killed at any change, on a booted host'
const tally = new Tally(title, 'lab', ['L4'])
let world: RemoteWorld

// Files alone are killed at every call of a program on this machine; a few tries are for what only a booted host has.
const needy = new Set(cases.flatMap(({ module, lab }) => (lab === undefined ? [] : [module])))
const put = booted
  .filter(({ module }) => !Object.hasOwn(exempt.L4, module) && (full || needy.has(module)))
  .map(({ module, trials }) => ({ module, trials: trials.filter(endsSomewhere) }))

beforeAll(async () => {
  world = await freshWorld(name)
})

afterAll(async () => {
  await world?.close()
  await lab.down([name])
  print(tally)
})

test('killed anywhere on a real host, the next run finishes the work of all modules', bootedPatience, async () => {
  await holdEach('all modules', killable(batchesOf(put), { again: full ? 3 : 0 }), {
    tally,
    tries: bootedTries,
    within: bootedSeconds,
    look: trial => killedAndAgain(world, world.cutting, { parts: realParts, killed: trial }),
  })
  const tried = put.map(({ module }) => tally.tried(module, 'L4'))
  expect(Math.max(...tried)).toBeGreaterThan(0)
})
