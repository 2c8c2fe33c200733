import { expect, it } from 'vitest'
import { didYouMean } from '../../src/core/did-you-mean.ts'

it.each([
  ['hostnme', ['hostname', 'hosts'], 'hostname'],
  ['Hosts', ['hosts'], 'hosts'],
  ['ohst', ['host', 'port'], 'host'],
  ['becom', ['become_user', 'become'], 'become'],
  ['lst', ['list', 'last'], 'list'],
  ['x', ['y', 'a'], undefined],
  ['xs', ['s', 'ys'], undefined],
  ['zebra', ['hosts', 'tasks'], undefined],
  ['state', ['state'], undefined],
  ['', ['a'], undefined],
] as const)('%s among %j: %s', (word, candidates, expected) => {
  expect(didYouMean(word, candidates)).toBe(expected)
})
