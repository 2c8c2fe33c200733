import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { staticValue } from '../../src/language/index.ts'
import { layersFor } from '../../src/playbook/index.ts'
import {
  type Include,
  type Item,
  type Project,
  type Rank,
  ranks,
  type Task,
  type VarLayer,
} from '../../src/playbook/model.ts'
import { load } from './project-of.ts'

/** Files that define `v` at each rank, by what must be added for it. */
const sources: { readonly [R in Rank]?: { readonly [path: string]: string } } = {
  'role defaults': { 'roles/r/defaults/main.yml': 'v: role defaults' },
  'inventory all': { 'inventory/hosts.yml': 'all:\n  vars: {v: inventory all}\n' },
  'inventory group': { 'inventory/hosts.yml': 'web:\n  vars: {v: inventory group}\n' },
  'group_vars all': { 'inventory/group_vars/all.yml': 'v: group_vars all' },
  group_vars: { 'inventory/group_vars/web.yml': 'v: group_vars' },
  'inventory host': { 'inventory/hosts.yml': 'web:\n  hosts:\n    w1: {v: inventory host}\n' },
  host_vars: { 'inventory/host_vars/w1.yml': 'v: host_vars' },
  vars_files: { 'files.yml': 'v: vars_files' },
  'role vars': { 'roles/r/vars/main.yml': 'v: role vars' },
}

function project(defining: readonly Rank[]): Project {
  const has = (rank: Rank, text: string) => (defining.includes(rank) ? text : '')
  const hosts = defining.map(rank => sources[rank]?.['inventory/hosts.yml'] ?? '')
  const others = defining.flatMap(rank =>
    Object.entries(sources[rank] ?? {}).filter(([path]) => path !== 'inventory/hosts.yml'),
  )
  const inventory = Object.fromEntries(
    [
      ['inventory/hosts.yml', 'web:\n  hosts:\n    w1:\n'],
      ...hosts.map((text, i) => [`inventory/z${i}.yml`, text]),
    ].filter(([, text]) => text !== ''),
  )
  const site = `
- hosts: all
  vars: {other: 1${has('play vars', ', v: play vars')}}
  vars_files: ${has('vars_files', 'files.yml')}
  roles:
    - role: r${has('role params', '\n      vars: {v: role params}')}
`
  const main = `
- block:
    - include_vars: included.yml
    - command: ls
      vars: {other: 2${has('task vars', ', v: task vars')}}
  vars: {other: 3${has('block vars', ', v: block vars')}}
`
  const files = {
    'site.yml': site,
    'roles/r/tasks/main.yml': main,
    'included.yml': has('include_vars', 'v: include_vars') || 'w: 1',
  }
  return load(
    { ...files, ...inventory, ...Object.fromEntries(others) },
    { extraVars: defining.includes('extra vars') ? ['v="extra vars"'] : [] },
  )
}

/** What the role's task sees, with what the engine adds while it runs, as it must be ranked. */
function seen(defining: readonly Rank[]): unknown {
  const whole = project(defining)
  const [play] = whole.plays
  const [block] = play!.sections[1]!
  if (block?.kind !== 'block') throw new Error('no block')
  const [include, task] = block.block as readonly [Item, Item]
  const added = defining.includes('include_vars') ? [(include as Include).load('included.yml').vars!] : []
  const registered: VarLayer = {
    origin: '',
    rank: 'registered',
    vars: new Map([['v', { kind: 'value', value: 'registered', span: play!.span }]]),
  }
  const running = [...added, ...(defining.includes('registered') ? [registered] : [])]
  const layers = layersFor(whole, play!, whole.inventory.hosts.get('w1')!, task as Task)
  const all = [...layers, ...running].sort((a, b) => ranks.indexOf(a.rank) - ranks.indexOf(b.rank))
  const tree = all.findLast(({ vars }) => vars.has('v'))?.vars.get('v')
  return tree && staticValue(tree)
}

describe('each rank is stronger than the one before', () => {
  test.each(ranks.slice(1).map((rank, i) => [ranks[i]!, rank] as const))('%s < %s', (weaker, stronger) => {
    expect(seen([weaker])).toBe(weaker)
    expect(seen([weaker, stronger])).toBe(stronger)
  })
})

test('the table in the docs is the table in the code', () => {
  const page = readFileSync(new URL('../../docs/variables.md', import.meta.url), 'utf8')
  const table = page.split('## Precedence')[1]!.split('\n## ')[0]!
  const rows = [...table.matchAll(/^\| ([^|]+?) \|/gm)].map(([, rank]) => rank)
  expect(rows.filter(rank => rank !== 'rank' && rank !== '---')).toEqual([...ranks])
})
