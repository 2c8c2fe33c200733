import { afterAll, beforeAll, expect, test } from 'vitest'
import { openArena } from '../chaos/arena.ts'
import { campaign } from '../chaos/campaign.ts'
import { strikeEverywhere } from '../chaos/frames/campaign.ts'
import { mixedOn } from '../chaos/frames/mixed-ground.ts'
import { buildStruck, dropStruck } from '../chaos/frames/struck-program.ts'
import { victims } from '../chaos/frames/victims.ts'
import { bundled, program, unbundle } from '../cli/bundled.ts'

let arena: Awaited<ReturnType<typeof openArena>>
beforeAll(async () => {
  await bundled()
  arena = await openArena(program)
})
afterAll(async () => {
  await arena?.close()
  unbundle()
  dropStruck()
})

/** As many as a minute allows; `npm run chaos` has no such bound. */
test('runs that are broken at random are mended by the next one', async () => {
  const seed = Number(process.env.PITOOL_CHAOS_SEED ?? 700)
  const lines: string[] = []
  const { tried, failures } = await campaign(arena, { faults: 14, seed, seconds: 60, say: line => lines.push(line) })
  expect(failures, lines.join('\n')).toEqual([])
  expect(tried).toBeGreaterThan(2)
})

/** A few of all boundaries; `npm run chaos -- --frames all` strikes at each. */
test('killed at a boundary of a frame, the control side or a shell: the next run ends as in peace', {
  timeout: 400_000,
}, async () => {
  await buildStruck()
  const lines: string[] = []
  const orders = { seed: 6, victims, bytes: 5, seconds: 15, say: (line: string) => lines.push(line) }
  const { boundaries, tallies } = await strikeEverywhere([await mixedOn(arena)], program, orders)
  const all = [...tallies.values()]
  expect(
    all.flatMap(({ broken }) => broken),
    lines.join('\n'),
  ).toEqual([])
  expect(boundaries).toBeGreaterThan(50)
  expect(
    all.reduce((sum, { tried }) => sum + tried, 0),
    lines.join('\n'),
  ).toBeGreaterThan(0)
})
