import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lab } from '../lab/lab.ts'
import { booted, bootedPatience, freshWorld } from './booted.ts'
import { believed, Pool } from './footprints.ts'
import { full, seed } from './hold.ts'
import type { RemoteWorld } from './remote.ts'

const name = 'footprints'
const tries = Number(process.env.PITOOL_LAWS_LAB_TRIES ?? (full ? 20 : 2))
const pool = new Pool()
let world: RemoteWorld

beforeAll(async () => {
  world = await freshWorld(name)
})

afterAll(async () => {
  await world?.close()
  await lab.down([name])
})

// A reboot makes all stale, and takes long; the others change nothing.
const others = [
  'assert',
  'cgroup_info',
  'debug',
  'fail',
  'pause',
  'reboot_info',
  'set_fact',
  'slurp',
  'stat',
  'wait_for',
]
const put = booted.filter(({ module }) => module !== 'reboot' && !others.includes(module))

describe('what a change makes another is in its footprint, and foretold by a check', () => {
  test.each(put)('$module', bootedPatience, async ({ trials }) => {
    for (const trial of fc.sample(trials, { numRuns: tries, seed })) {
      expect(await believed(world, trial, pool), JSON.stringify(trial)).toEqual({ stale: [], misforetold: [] })
    }
  })
})
