import { expect, test } from 'vitest'
import { matchPattern } from '../../src/playbook/index.ts'
import { load, said, tasks } from './project-of.ts'

const { inventory } = load({
  'inventory/hosts.yml': 'web:\n  hosts:\n    w[1:4]:\ndb:\n  hosts:\n    d1:\n    w4:\nempty:\n',
  'site.yml': tasks(''),
})

test.each<[string, string]>([
  ['all', 'w1 w2 w3 w4 d1'],
  ['*', 'w1 w2 w3 w4 d1'],
  ['web', 'w1 w2 w3 w4'],
  ['d1', 'd1'],
  ['d1:w1', 'w1 d1'],
  ['d1, w1', 'w1 d1'],
  ['web:!w1', 'w2 w3 w4'],
  ['!w1:web', 'w2 w3 w4'],
  ['web:&db', 'w4'],
  ['!web', 'd1'],
  ['w?', 'w1 w2 w3 w4'],
  ['~w[12]', 'w1 w2'],
  ['~(w1|d1)$', 'w1 d1'],
  ['web[0]', 'w1'],
  ['web[-1]', 'w4'],
  ['web[1:2]', 'w2 w3'],
  ['web[2:]', 'w3 w4'],
  ['web[:1]', 'w1 w2'],
  ['web[9]', ''],
  ['empty', ''],
  ['zz*', ''],
])('%s', (pattern, hosts) => {
  const got = matchPattern(pattern, inventory)
  expect(got.mistakes).toEqual([])
  expect(got.hosts.join(' ')).toBe(hosts)
})

test.each<[string, string]>([
  ['wbe', "unknown-host no host or group of the inventory is named 'wbe' [did you mean 'web'?]"],
  [
    'web:!nope9',
    "unknown-host no host or group of the inventory is named 'nope9' [groups are all, web, db, empty; `pitool inventory --list` shows all]",
  ],
  ['~[', "wrong-value '~[' is not a regular expression"],
])('%s is a mistake', (pattern, expected) => {
  expect(said(matchPattern(pattern, inventory).mistakes)).toEqual([expected])
})
