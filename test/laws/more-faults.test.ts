import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { breachesOfSecrets } from './canaries.ts'
import { gather } from './evidence.ts'
import { breachesOfGarbage } from './garbled.ts'
import { breachesOf } from './hold.ts'
import { killedAndAgain } from './killed.ts'
import { breachesOfMistakes, mistaken } from './mistakes.ts'
import { garbageFaults, killFaults, mistakeFaults, secretFaults, unknownFault } from './more-faults.ts'
import { type Parts, realParts } from './play.ts'
import type { Breach } from './rules/rule.ts'
import { openWatched, type WatchedWorld } from './scratch.ts'
import type { Trial } from './trial.ts'

let world: WatchedWorld

beforeAll(() => {
  world = openWatched()
})
afterAll(() => world.close())

const copied: Trial = {
  found: ':',
  tasks: [{ name: 'one', copy: { content: 'a line\nand another\n', dest: '/law/a', force: false }, notify: 'witness' }],
  handlers: [{ name: 'witness', copy: { content: 'was here\n', dest: '/law/witness' } }],
}

/** A fault shows in one of the few places where a run can be cut. */
async function whenKilled(parts: Parts): Promise<readonly Breach[]> {
  const cutting = {
    begin: () => world.shims.forget(),
    steps: () => world.shims.places(),
    cutAt: (step: number | undefined) => world.shims.killAt(step),
    get cut() {
      return world.shims.killed
    },
  }
  for (let at = 0; at < 1; at += 0.04) {
    const { breaches } = await killedAndAgain(world, cutting, { parts, killed: { trial: copied, at, again: [] } })
    if (breaches.length > 0) return breaches
  }
  return []
}

async function whenSecret(parts: Parts): Promise<readonly Breach[]> {
  const trial: Trial = {
    found: ':',
    tasks: [{ name: 'one', copy: { content: '{{canary}}', dest: '/law/a' }, ignore_errors: true }],
    secrets: { canary: 'canary-7d1f0c4be2' },
  }
  return (await breachesOfSecrets(world, parts, { trial, quiet: true, checkOnly: false })).breaches
}

const wellMeant: { readonly [module: string]: Trial } = {
  file: { found: ':', tasks: [{ name: 'one', file: { path: '/law/a', state: 'touch' } }] },
  wait_for: { found: ':', tasks: [{ name: 'one', wait_for: { path: '/law/a', timeout: 0 } }] },
  copy: { found: ':', tasks: [{ name: 'one', copy: { content: 'x', dest: '/law/a' } }] },
}

function whenMistaken(module: string, parts: Parts): readonly Breach[] {
  const spec = realParts.modules.find(one => one.name === module)!
  const trials = fc.sample(mistaken(spec, fc.constant(wellMeant[module]!)), { numRuns: 60, seed: 7 })
  return trials.flatMap(trial => breachesOfMistakes(world, parts, trial))
}

async function whenGarbled(parts: Parts): Promise<readonly Breach[]> {
  const trial = { found: ': >/law/a', tasks: [{ name: 'one', stat: { path: '/law/a' } }] }
  return (await breachesOfGarbage(world, parts, { trial, at: 0, harm: 'noise' })).breaches
}

describe('the laws find', { timeout: 120_000 }, () => {
  test.each(killFaults)('$name', async ({ plant }) => {
    expect((await whenKilled(plant())).map(({ law }) => law)).toContain('L4')
  })
  test.each(secretFaults)('$name', async ({ plant }) => {
    expect((await whenSecret(plant())).map(({ law }) => law)).toContain('L5')
  })
  test.each(mistakeFaults)('$name', ({ plant, module }) => {
    expect(whenMistaken(module, plant()).map(({ law }) => law)).toContain('L6')
  })
  test.each(garbageFaults)('$name', async ({ plant }) => {
    expect((await whenGarbled(plant())).map(({ law }) => law)).toContain('L7')
  })
  test(unknownFault.name, async () => {
    const told: Trial = {
      found: 'rm -f /law/a /law/b',
      tasks: [
        { name: 'make', copy: { content: 'x\n', dest: '/law/b' } },
        { name: 'ask', command: { argv: ['cat', '/law/b'], readonly: true }, register: 'r' },
        { name: 'write', copy: { content: '{{r.stdout}}\n', dest: '/law/a' } },
        { name: 'after', lineinfile: { path: '/law/a', line: 'last' }, register: 's' },
      ],
    }
    const laws = (parts: Parts) => gather(world, parts, told).then(seen => breachesOf(seen).map(({ law }) => law))
    // The second copy would take the line away: its second run is its own affair.
    expect((await laws(realParts)).filter(law => law !== 'L3')).toEqual([])
    expect(await laws(unknownFault.plant())).toContain(unknownFault.law)
  })
})

describe('nothing is found where no fault is', { timeout: 120_000 }, () => {
  test('killed', async () => expect(await whenKilled(realParts)).toEqual([]))
  test('with a secret', async () => expect(await whenSecret(realParts)).toEqual([]))
  test.each(Object.keys(wellMeant))('with mistakes of %s', module =>
    expect(whenMistaken(module, realParts)).toEqual([]),
  )
  test('with garbage', async () => expect(await whenGarbled(realParts)).toEqual([]))
})
