import { afterAll, beforeAll, expect, test } from 'vitest'
import { batchesOf } from './batch.ts'
import { bootedPatience, bootedSeconds, bootedTries, clustered } from './booted.ts'
import { type ClusterWorld, clusterWorld } from './cluster.ts'
import { exempt } from './coverage.ts'
import { breachesOnHost, withSecrets } from './hidden.ts'
import { hold, holdEach } from './hold.ts'
import { endsSomewhere, killable, killedAndAgain } from './killed.ts'
import { realParts } from './play.ts'
import { print, Tally } from './tally.ts'

const title = 'a trial of each module in one play, on a worker of a cluster'
const tally = new Tally(`laws, ${title}`, 'lab')
const hidden = new Tally('laws, a secret in a text of each module, on a worker of a cluster', 'lab', ['L5'])
const killed = new Tally(`laws, ${title}, killed at any change`, 'lab', ['L4'])
let world: ClusterWorld

beforeAll(async () => {
  world = await clusterWorld('law-server', 'law-worker')
})

afterAll(async () => {
  await world?.close()
  print(tally, hidden, killed)
})

const bounds = { tries: bootedTries, within: bootedSeconds }

test('on a cluster the laws hold for all that needs one', bootedPatience, async () => {
  const put = clustered(world.at)
  await hold('all of a cluster', batchesOf(put), { world, parts: realParts, tally, ...bounds })
  expect(Math.max(...put.map(({ module }) => tally.row(module).tries))).toBeGreaterThan(0)
})

test('on a cluster a secret in any text stays one', bootedPatience, async () => {
  const put = withSecrets(clustered(world.at))
  await holdEach('all of a cluster', batchesOf(put), {
    tally: hidden,
    ...bounds,
    look: trial => breachesOnHost(world, realParts, trial),
  })
  expect(Math.max(...put.map(({ module }) => hidden.row(module).tries))).toBeGreaterThan(0)
})

test('killed anywhere on a cluster, the next run finishes the work', bootedPatience, async () => {
  const put = clustered(world.at)
    .filter(({ module }) => !Object.hasOwn(exempt.L4, module))
    .map(({ module, trials }) => ({ module, trials: trials.filter(endsSomewhere) }))
  await holdEach('all of a cluster', killable(batchesOf(put), { again: 3 }), {
    tally: killed,
    ...bounds,
    look: trial => killedAndAgain(world, world.cutting, { parts: realParts, killed: trial }),
  })
  expect(Math.max(...put.map(({ module }) => killed.tried(module, 'L4')))).toBeGreaterThan(0)
})
