import { describe, expect, test } from 'vitest'
import { Mistake } from '../../src/core/diagnostic.ts'
import { staticValue } from '../../src/language/index.ts'
import { loadInventory, loadSettings } from '../../src/playbook/index.ts'
import type { Inventory } from '../../src/playbook/model.ts'
import { diskOf, type Files, load, mistakes, said } from './project-of.ts'

function inventory(files: Files): Inventory {
  const disk = diskOf({ 'pitool.yml': '', ...files })
  return loadInventory(loadSettings('/p', disk), disk)
}

function problems(files: Files): readonly string[] {
  try {
    inventory(files)
    return []
  } catch (error) {
    if (error instanceof Mistake) return said(error.diagnostics)
    throw error
  }
}

/** The value of a variable on a host, and the layer it comes from. */
function value(of: Inventory, host: string, name: string): unknown {
  const layer = of.hosts.get(host)!.layers.findLast(({ vars }) => vars.has(name))
  return layer && [staticValue(layer.vars.get(name)!), layer.rank, layer.origin]
}

const cluster = `
all:
  vars: {v: all}
  children:
    pi5:
      hosts:
        w[1:2]: {v: host}
    pi3:
      hosts:
        w3:
    workers:
      vars: {v: workers}
      children:
        pi5: {vars: {v: pi5}}
        pi3:
  hosts:
    lone:
server:
  hosts:
    s1: {host: 10.0.0.1}
`

describe('groups', () => {
  const got = inventory({ 'inventory/hosts.yml': cluster })
  test('hosts in order', () => expect([...got.hosts.keys()]).toEqual(['w1', 'w2', 'w3', 'lone', 's1']))
  test.each<[string, readonly string[]]>([
    ['all', ['w1', 'w2', 'w3', 'lone', 's1']],
    ['pi5', ['w1', 'w2']],
    ['workers', ['w1', 'w2', 'w3']],
    ['server', ['s1']],
    ['ungrouped', ['lone']],
  ])('%s', (group, hosts) => expect(got.groups.get(group)).toEqual(hosts))
  test.each<[string, readonly string[]]>([
    ['w1', ['workers', 'pi5']],
    ['lone', ['ungrouped']],
    ['s1', ['server']],
  ])('groups of %s, nearest last', (host, groups) => expect(got.hosts.get(host)!.groups).toEqual(groups))
  test('children', () => {
    expect(got.children.get('all')).toEqual(['workers', 'server', 'ungrouped'])
    expect(got.children.get('workers')).toEqual(['pi5', 'pi3'])
  })
  test.each<[string, string]>([
    ['w1', 'host'],
    ['w3', 'workers'],
    ['lone', 'all'],
  ])('the variable v of %s', (host, v) =>
    expect(value(got, host, 'v')).toEqual([v, expect.any(String), 'inventory/hosts.yml']),
  )
})

test('files beside the inventory and the playbook, files and folders, each stronger than the one before', () => {
  const layers = load(
    {
      'inventory/hosts.yml': 'all:\n  vars: {v: 1}\nweb:\n  vars: {v: 2}\n  hosts:\n    w1: {v: 5}\n',
      'inventory/group_vars/all.yml': 'v: 3',
      'inventory/group_vars/web/one.yml': 'v: 4',
      'inventory/group_vars/web/two.yaml': 'v: 4b',
      'inventory/host_vars/w1.yml': 'v: 6',
      'plays/host_vars/w1.yml': 'v: 7',
      'plays/site.yml': '- hosts: all\n',
    },
    { playbooks: ['plays/site.yml'] },
  ).inventory.hosts.get('w1')!.layers
  expect(layers.map(({ origin, rank }) => `${rank}: ${origin}`)).toEqual([
    'inventory all: inventory/hosts.yml',
    'inventory group: inventory/hosts.yml',
    'group_vars all: inventory/group_vars/all.yml',
    'group_vars: inventory/group_vars/web/one.yml',
    'group_vars: inventory/group_vars/web/two.yaml',
    'inventory host: inventory/hosts.yml',
    'host_vars: inventory/host_vars/w1.yml',
    'host_vars: plays/host_vars/w1.yml',
  ])
})

test('several files are one inventory', () => {
  const got = inventory({
    'inventory/a.yml': 'web:\n  hosts:\n    w1: {x: 1}\n',
    'inventory/b.yaml': 'web:\n  hosts:\n    w1: {x: 2}\n    w2:\n',
    'inventory/hosts.ini': '[no]',
  })
  expect(got.sources).toEqual(['inventory/a.yml', 'inventory/b.yaml'])
  expect(got.groups.get('web')).toEqual(['w1', 'w2'])
  expect(value(got, 'w1', 'x')).toEqual([2, 'inventory host', 'inventory/b.yaml'])
})

test('a group without hosts is one, however much its name is like another', () => {
  const got = inventory({
    'inventory/hosts.yml':
      'all:\n  children:\n    pi5_workers:\n      hosts:\n    pi3_workers:\n      hosts:\n        w1:\n    pi5:\n      children:\n        pi5_workers:\n',
  })
  expect(got.groups.get('pi5_workers')).toEqual([])
})

describe('mistakes', () => {
  test.each<[string, string, string]>([
    [
      'a loop of groups',
      'a:\n  children:\n    b:\nb:\n  children:\n    a:\n',
      "include-loop inventory/hosts.yml:6:5 the group 'a' contains itself: a → b → a [take one of the groups out of the other]",
    ],
    [
      'a host that is a group',
      'web:\n  hosts:\n    web:\n',
      "conflicting inventory/hosts.yml:3:5 'web' is the name of a host and of a group [give one of them another name]",
    ],
    [
      'a slip in a child',
      'all:\n  children:\n    top:\n      children:\n        wokers:\n    workers:\n      hosts:\n        w1:\n',
      "unknown-group inventory/hosts.yml:5:9 the group 'wokers' is defined nowhere [did you mean 'workers'?]",
    ],
    [
      'an unknown key',
      'web:\n  host:\n    a:\n',
      "unknown-key inventory/hosts.yml:2:3 the group 'web' has no key 'host' [did you mean 'hosts'?]",
    ],
    [
      'hosts at the top',
      'hosts:\n  a:\n',
      "unknown-key inventory/hosts.yml:1:1 'hosts' stands at the top, where the names of groups are expected [put it below a group: `all:`, and `hosts:` inside it]",
    ],
    [
      'hosts as a list',
      'web:\n  hosts: [a, b]\n',
      "wrong-type inventory/hosts.yml:2:10 'hosts' must be a map, not a list [write each host as a key with a colon: `pi1:`]",
    ],
    [
      'a range',
      'web:\n  hosts:\n    w[1-3]:\n',
      "wrong-value inventory/hosts.yml:3:5 'w[1-3]' holds a range that cannot be read [a range is [01:10], [a:f] or [1:9:2]]",
    ],
    [
      'a name of a variable',
      'web:\n  vars: {a-b: 1}\n',
      "wrong-value inventory/hosts.yml:2:10 'a-b' cannot be the name of a variable [letters, digits and _ only, not beginning with a digit]",
    ],
  ])('%s', (_, text, expected) => {
    expect(problems({ 'inventory/hosts.yml': text })).toEqual([expected])
  })

  test('no inventory where one is named', () => {
    expect(problems({ 'pitool.yml': 'inventory: nope.yml' })).toEqual([
      'missing-file there is no inventory at /p/nope.yml [give its path with -i, or set `inventory:` in pitool.yml]',
    ])
  })

  test('mistakes of the inventory and of the playbook are told together', () => {
    expect(mistakes({ 'inventory/hosts.yml': 'web: 1\n', 'site.yml': '- hots: all\n' })).toHaveLength(3)
  })
})

test('variables that nobody sees are warned of', () => {
  const project = load({
    'inventory/group_vars/wbe.yml': 'a: 1',
    'inventory/host_vars/w1.yml': 'a: 1',
    'site.yml': '[]',
  })
  expect(said(project.warnings)).toEqual([
    "unknown-group inventory/group_vars/wbe.yml:1:1 no group of the inventory is named 'wbe': its variables are seen by nobody [did you mean 'web'?]",
  ])
})

describe('localhost', () => {
  test('is there when a play names it, in no group', () => {
    const { inventory, plays } = load({ 'site.yml': '- hosts: localhost\n' })
    expect(plays[0]!.hosts).toEqual(['localhost'])
    expect(inventory.groups.get('all')).not.toContain('localhost')
    expect(value(inventory, 'localhost', 'ansible_connection')).toEqual(['local', 'inventory host', 'localhost'])
  })
  test('is there when a task is delegated to it', () => {
    const { inventory } = load({
      'site.yml': '- hosts: web\n  tasks:\n    - command: ls\n      delegate_to: localhost\n',
    })
    expect(inventory.hosts.has('localhost')).toBe(true)
  })
  test('else not', () => expect(load({ 'site.yml': '- hosts: all\n' }).inventory.hosts.has('localhost')).toBe(false))
  test('is an own host where the inventory has it', () => {
    const { inventory } = load({
      'inventory/hosts.yml': 'web:\n  hosts:\n    localhost: {ansible_connection: ssh}\n',
      'site.yml': '- hosts: localhost\n',
    })
    expect(value(inventory, 'localhost', 'ansible_connection')).toEqual([
      'ssh',
      'inventory host',
      'inventory/hosts.yml',
    ])
  })
})
