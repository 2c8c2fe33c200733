import { defineConfig } from 'vitest/config'
import { labAvailable } from '../lab/lab.ts'
import { filesOfLane } from './lanes.ts'

const available = labAvailable()
if (available !== true) {
  if (process.env.PITOOL_LAB === 'require') throw new Error(`PITOOL_LAB=require, but ${available}`)
  console.log(`lab scenarios skipped: ${available}`)
}

// `PITOOL_LANE=1/2`: the first half of them; the other half may run at the same time in a lab with another number.
const [lane, lanes] = (process.env.PITOOL_LANE ?? '1/1').split('/').map(Number) as [number, number]

// One after another: they share the hosts of one lab.
export default defineConfig({
  test: {
    include: available === true ? [...filesOfLane(lane, lanes)] : [],
    passWithNoTests: true,
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 600_000,
    globalSetup: available === true ? ['test/scenarios/setup.ts'] : [],
  },
})
