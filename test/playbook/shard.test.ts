import { describe, expect, it } from 'vitest'
import type { Project } from '../../src/playbook/model.ts'
import { inShard, readShard } from '../../src/playbook/shard.ts'

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const project = (...plays: readonly (readonly string[])[]) =>
  ({
    inventory: { hosts: new Map(names.map(name => [name, {}])) },
    plays: plays.map(hosts => ({ hosts })),
  }) as never as Project
const hostsOf = (whole: Project, index: number, of: number) =>
  inShard(whole, { index, of }).plays.map(play => play.hosts.join(''))

describe('a shard', () => {
  it.each([
    ['1/1', { index: 1, of: 1 }],
    ['3/8', { index: 3, of: 8 }],
    ['8/8', { index: 8, of: 8 }],
    ['0/3', undefined],
    ['4/3', undefined],
    ['1/0', undefined],
    ['01/3', undefined],
    ['1/3x', undefined],
    ['1', undefined],
  ])('%s is read', (text, shard) => {
    expect(readShard(text)).toEqual(shard)
  })

  it('takes each host to exactly one of them, evenly and in order', () => {
    const parts = [1, 2, 3].map(index => hostsOf(project(names), index, 3)[0])
    expect(parts).toEqual(['adg', 'be', 'cf'])
  })

  it('takes a host to the same one in each play, whatever hosts that has', () => {
    expect(hostsOf(project(['a', 'b', 'c', 'd'], ['d', 'g'], ['c']), 1, 3)).toEqual(['ad', 'dg', ''])
  })

  it('leaves what is beside the inventory to the first', () => {
    expect([1, 2].map(index => hostsOf(project(['localhost']), index, 2)[0])).toEqual(['localhost', ''])
  })

  it('keeps the inventory whole', () => {
    expect([...inShard(project(names), { index: 2, of: 3 }).inventory.hosts.keys()]).toEqual(names)
  })
})
