import { describe, expect, it } from 'vitest'
import { sharedAddress } from '../../src/modules/shared_address.ts'
import { runReadonly } from '../../src/questions/run.ts'
import { lookWith, planWith, saysOn } from './plan-with.ts'

const address = '198.18.0.5'
const hosts = ['a', 'b']
const look = runReadonly({ text: `ip -4 -o addr show to ${address}/32` })
const has = `2: eth0    inet ${address}/32 scope global eth0\\       valid_lft forever preferred_lft forever\n`
const answers = (holders: readonly string[]) =>
  hosts.map(host => saysOn(host, look, { rc: 0, stdout: holders.includes(host) ? has : '', stderr: '' } as never))

function settled(holders: readonly string[], args: object, seen: object): string {
  const plan = planWith(sharedAddress, { address, hosts, ...args }, [])
  expect(plan.changes).toEqual([])
  try {
    const found = lookWith(plan, seen, answers(holders))
    return 'done' in found ? `done: ${String(found.result?.holder)}` : found.waiting
  } catch (error) {
    const { diagnostic } = error as { diagnostic: { message: string; hint?: string } }
    return `${diagnostic.message}: ${diagnostic.hint}`
  }
}

describe('shared_address', () => {
  const cases: readonly (readonly [string, readonly string[], object, object, RegExp])[] = [
    ['one has it', ['b'], {}, {}, /^done: b$/],
    ['nobody has it yet', [], {}, {}, /^no host has 198\.18\.0\.5$/],
    ['both have it', ['a', 'b'], {}, {}, /^a and b both have 198\.18\.0\.5$/],
    ['one has it, but for how long', ['a'], { stable: 6 }, { elapsed: 5 }, /^a to keep 198\.18\.0\.5 for 6 s$/],
    ['one has kept it', ['a'], { stable: 5 }, { elapsed: 5 }, /^done: a$/],
    ['the old one still has it', ['a'], { not: 'a' }, {}, /^a has 198\.18\.0\.5$/],
    ['another one has it', ['b'], { not: 'a' }, {}, /^done: b$/],
    ['nobody took it', [], {}, { last: true }, /^no host has .*, 30 s on: none thinks itself fit/],
    ['two that do not hear each other', ['a', 'b'], {}, { last: true }, /both have .*: .*IP protocol 112/],
    ['it never moved', ['a'], { not: 'a' }, { last: true }, /^a has .*: see on the other hosts/],
  ]
  it.each(cases)('%s', (_, holders, args, seen, said) => {
    expect(settled(holders, args, seen)).toMatch(said)
  })
})
