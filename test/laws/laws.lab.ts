import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lab } from '../lab/lab.ts'
import { batchesOf } from './batch.ts'
import { booted, bootedPatience, bootedSeconds, bootedTries, freshWorld } from './booted.ts'
import { freshPlay } from './fresh.ts'
import { breachesOnHost, withSecrets } from './hidden.ts'
import { full, hold, holdEach } from './hold.ts'
import { realParts } from './play.ts'
import type { RemoteWorld } from './remote.ts'
import { print, Tally } from './tally.ts'

const name = 'laws'
const whole = new Tally('laws, a whole play on a fresh host', 'lab')
const hidden = new Tally('laws, a secret in a text of each module, on a booted host', 'lab', ['L5'])
const tally = new Tally('laws, a trial of each module in one play, on a booted host', 'lab')
let world: RemoteWorld

beforeAll(async () => {
  world = await freshWorld(name)
})

afterAll(async () => {
  await world?.close()
  await lab.down([name])
  print(whole, tally, hidden)
})

describe('on a real host the laws hold', () => {
  // The host is as it was installed: this comes first.
  test('for a play that sets up a fresh one', bootedPatience, async () => {
    await hold('whole plays', fc.constant(freshPlay()), { world, parts: realParts, tally: whole, tries: 1 })
    const { changed, failed } = whole.row('whole plays')
    expect({ changed, failed }).toEqual({ changed: 1, failed: 0 })
  })

  test('for all modules', bootedPatience, async () => {
    const bounds = { tries: bootedTries, within: bootedSeconds }
    await hold('all modules', batchesOf(booted), { world, parts: realParts, tally, ...bounds })
    expect(Math.max(...booted.map(({ module }) => tally.row(module).tries))).toBeGreaterThan(0)
  })

  // With the scenarios the hunt for leaks has it.
  const long = full ? test : undefined
  long?.('for a secret in any text', bootedPatience, async () => {
    const put = withSecrets(booted)
    await holdEach('all modules', batchesOf(put), {
      tally: hidden,
      tries: bootedTries,
      within: bootedSeconds,
      look: trial => breachesOnHost(world, realParts, trial),
    })
    expect(Math.max(...put.map(({ module }) => hidden.row(module).tries))).toBeGreaterThan(0)
  })
})
