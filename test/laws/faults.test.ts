import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cases } from './cases/index.ts'
import { gather } from './evidence.ts'
import { faults, planFaults } from './faults.ts'
import { breachesOf } from './hold.ts'
import { holdByAnswers } from './hold-answers.ts'
import { realParts } from './play.ts'
import { openScratch } from './scratch.ts'
import { Tally } from './tally.ts'
import type { Trial } from './trial.ts'
import type { World } from './world.ts'

/** A play in which each of the planted faults can show, on files that generated lines stand in. */
const trials: fc.Arbitrary<Trial> = fc
  .tuple(fc.constantFrom('a', 'b c', "it's"), fc.constantFrom('x', 'x\n', 'x\ny\n'))
  .map(([name, text]) => ({
    found: `printf '${text.replaceAll('\n', '\\n')}' >"/law/${name}"; chmod 0600 "/law/${name}"`,
    tasks: [
      { name: 'line', lineinfile: { path: `/law/${name}`, line: 'added' } },
      { name: 'the same', lineinfile: { path: `/law/${name}`, line: 'added' } },
      { name: 'another', lineinfile: { path: `/law/${name}`, line: 'last' } },
      { name: 'mode', file: { path: `/law/${name}`, mode: '0640' } },
      { name: 'same mode', file: { path: `/law/${name}`, mode: '0640' }, register: 'seen' },
      { name: 'secret', copy: { content: 'token={{token}}\n', dest: '/law/secret' } },
    ],
    secrets: { token: 'canary-5f2c91' },
  }))

/** The same with each task in frames of its own: what one of several in a frame got wrong is looked at again, and may never show. */
function apart(trial: Trial): Trial {
  return { ...trial, tasks: trial.tasks.flatMap(task => [{ assert: { that: ['true'] } }, task]) }
}

let world: World

beforeAll(() => {
  world = openScratch()
})
afterAll(() => world.close())

// A harness that finds nothing in these proves nothing elsewhere.
describe('the laws find', () => {
  test.each(faults)('$name', { timeout: 60_000 }, async fault => {
    for (const trial of fc.sample(trials, { numRuns: 2, seed: 7 })) {
      const planted = fault.plant(world.root)
      const found = [
        ...breachesOf(await gather(world, planted, trial)),
        ...breachesOf(await gather(world, planted, apart(trial))),
      ]
      expect(found.map(({ law }) => law)).toContain(fault.breaks)
    }
  })

  test.each(planFaults)('$name', ({ module, breaks, plant }) => {
    const { answers } = cases.find(one => one.module === module)!
    const tally = new Tally('faults')
    expect(() => holdByAnswers(module, answers!, { parts: plant(''), tally, tries: 100 })).toThrow(`${breaks}: `)
  })

  test('nothing where no fault is', { timeout: 60_000 }, async () => {
    for (const trial of fc.sample(trials, { numRuns: 5, seed: 7 })) {
      expect(breachesOf(await gather(world, realParts, trial))).toEqual([])
      expect(breachesOf(await gather(world, realParts, apart(trial)))).toEqual([])
    }
  })
})
