/**
 * `npm run chaos -- [--faults N] [--seed S] [--play P] [--kind K] [--seconds T] [--join]`: breaks runs at random, and says what stayed broken.
 * `npm run chaos -- --frames mixed|join|all [--victim V] [--bytes N] [--at POINT] [--lanes N] [--seed S] [--seconds T]`: kills at each
 * boundary of each frame.
 */
import { parseArgs } from 'node:util'
import { bundled, program, unbundle } from '../cli/bundled.ts'
import { labAvailable } from '../lab/lab.ts'
import { openArena } from './arena.ts'
import { type Campaign, campaign, type Outcome } from './campaign.ts'
import { frames } from './frames/main.ts'
import { pointFrom } from './frames/points.ts'
import { victims } from './frames/victims.ts'
import { joinCampaign } from './join.ts'

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    play: { type: 'string' },
    join: { type: 'boolean', default: false },
    kind: { type: 'string' },
    frames: { type: 'string' },
    victim: { type: 'string', multiple: true },
    bytes: { type: 'string', default: '5' },
    lanes: { type: 'string', default: '1' },
    at: { type: 'string', multiple: true },
    seconds: { type: 'string', default: '86400' },
  },
})

const available = labAvailable()
if (available !== true) throw new Error(available)
await bundled()
const orders: Campaign = {
  faults: Number(values.faults),
  seed: Number(values.seed),
  playSeed: values.play === undefined ? undefined : Number(values.play),
  kind: values.kind,
  seconds: Number(values.seconds),
  say: line => console.log(line),
}
try {
  const broken = values.frames === undefined ? await faults() : await strikes(values.frames)
  process.exitCode = broken > 0 ? 1 : 0
} finally {
  unbundle()
}

async function faults(): Promise<number> {
  const { tried, failures } = values.join ? await joinCampaign(program, orders) : await playCampaign()
  console.log(`${tried} faults, ${failures.length} not survived`)
  return failures.length
}

async function strikes(which: string): Promise<number> {
  const points = values.at?.map(pointFrom)
  const named = points?.map(({ victim }) => victim)
  const chosen = victims.filter(victim => named?.includes(victim) ?? values.victim?.includes(victim) ?? true)
  const { seed, seconds, say } = orders
  const [bytes, lanes] = [Number(values.bytes), Number(values.lanes)]
  return await frames(program, which, { seed, seconds, say, points, victims: chosen, bytes, lanes })
}

async function playCampaign(): Promise<Outcome> {
  const arena = await openArena(program)
  try {
    return await campaign(arena, orders)
  } finally {
    await arena.close()
  }
}
