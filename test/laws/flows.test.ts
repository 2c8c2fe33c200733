import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { flowOf, flows, hidden, type Source, ways } from './gen/flows.ts'
import { full, hold } from './hold.ts'
import { playOf, type Ran, realParts } from './play.ts'
import { openScratch } from './scratch.ts'
import { print, Tally } from './tally.ts'
import { placed } from './trial.ts'
import type { World } from './world.ts'

const tally = new Tally('laws, what is Unknown and what is secret on all ways through a play')
let world: World

beforeAll(() => {
  world = openScratch()
})
afterAll(async () => {
  await world.close()
  print(tally)
})

async function both(source: Source, way: string): Promise<{ readonly check: Ran; readonly run: Ran }> {
  const here = placed(flowOf(source, ways[way]!(source)), world.root)
  await world.prepare(here.found)
  const play = playOf(world, realParts, here)
  try {
    return { check: await play.run(true), run: await play.run(false) }
  } finally {
    play.close()
  }
}

const last = ({ ends }: Ran) => ends.filter(({ task }) => task.name === 'end').map(({ status }) => status)

describe.each(Object.keys(ways))('by %s', way => {
  test('what is known is decided', async () => {
    const { check, run } = await both('known', way)
    expect(last(check)).toEqual(['changed'])
    expect(last(run)).toEqual(['changed'])
  })

  test('Unknown stays Unknown, and comes true', async () => {
    const { check, run } = await both('unknown', way)
    expect(last(check)).toEqual(['unknown'])
    expect(check.ends.find(({ task }) => task.name === 'end')?.unknown).toBeTypeOf('string')
    expect(last(run)).toEqual(['changed'])
  })

  test('a secret decides as any value, and is told nowhere', async () => {
    const { check, run } = await both('secret', way)
    expect(last(check)).toEqual(['changed'])
    expect(last(run)).toEqual(['changed'])
    const told = [check, run].flatMap(({ events, journal }) => [...events, ...journal])
    expect(JSON.stringify(told) + inspect(told, { depth: 12, maxStringLength: null })).not.toContain(hidden)
  })
})

test.each([
  ['register', 'register'],
  ['a template of templates', 'template'],
  ['loop', 'loop'],
])('by %s a secret arrives whole', async (way, file) => {
  await both('secret', way)
  expect(readFileSync(`${world.root}/${file}`, 'utf8')).toBe(`${hidden}\n`)
})

test('on all ways at once', { timeout: 900_000 }, async () => {
  await hold('whole plays', flows, { world, parts: realParts, tally, tries: full ? 200 : 10 })
  expect(tally.row('whole plays').changed).toBeGreaterThan(0)
})
