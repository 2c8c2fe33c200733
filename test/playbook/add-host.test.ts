import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Mistake } from '../../src/core/diagnostic.ts'
import { addHost, loadInventory, loadSettings, type NewHost } from '../../src/playbook/index.ts'
import { diskOf, type Files } from './project-of.ts'

const example = readFileSync(resolve(import.meta.dirname, '../../inventory/hosts.yml'), 'utf8')
const wish: NewHost = { name: 'n1', group: 'workers', address: '192.0.2.9', labels: {} }

function add(files: Files | string, more: Partial<NewHost> = {}) {
  const disk = diskOf(typeof files === 'string' ? { 'inventory/hosts.yml': files } : files)
  return addHost(loadSettings('/p', disk), { ...wish, ...more }, disk)
}

function refusal(files: Files | string, more: Partial<NewHost> = {}) {
  try {
    add(files, more)
  } catch (error) {
    if (error instanceof Mistake) return error.diagnostics[0]!
    throw error
  }
  throw new Error('it was added')
}

const line = 'n1: { host: 192.0.2.9 }'

describe('a new host', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'after the last of its group, as far to the right',
      'workers:\n  hosts:\n      a: { port: 7 }  # the first\n  vars: {}\n',
      `workers:\n  hosts:\n      a: { port: 7 }  # the first\n      ${line}\n  vars: {}\n`,
    ],
    ['after one that says nothing', 'workers:\n  hosts:\n    a:\n', `workers:\n  hosts:\n    a:\n    ${line}\n`],
    [
      'after one of several lines',
      'workers:\n  hosts:\n    a:\n      port: 7\n      list: [1,\n        2]\nother: {}\n',
      `workers:\n  hosts:\n    a:\n      port: 7\n      list: [1,\n        2]\n    ${line}\nother: {}\n`,
    ],
    [
      'at the end of a file without a last newline',
      'workers:\n  hosts:\n    a:',
      `workers:\n  hosts:\n    a:\n    ${line}`,
    ],
    [
      'with the line ends of the file',
      'workers:\r\n  hosts:\r\n    a:\r\n',
      `workers:\r\n  hosts:\r\n    a:\r\n    ${line}\r\n`,
    ],
    ['into a line', 'workers: { hosts: { a: { port: 7 } } }\n', `workers: { hosts: { a: { port: 7 }, ${line} } }\n`],
    ['into a line that is empty', 'workers: { hosts: {} }\n', `workers: { hosts: { ${line} } }\n`],
    ['into an empty line of hosts', 'workers:\n  hosts: {}\n', `workers:\n  hosts: { ${line} }\n`],
    ['below hosts that are none yet', 'workers:\n  hosts:\n', `workers:\n  hosts:\n    ${line}\n`],
    [
      'into a group without hosts',
      'workers:\n  vars: { x: 1 }\n',
      `workers:\n  vars: { x: 1 }\n  hosts:\n    ${line}\n`,
    ],
    ['into a group of nothing', 'workers: # later\nb:\n', `workers: # later\n  hosts:\n    ${line}\nb:\n`],
    [
      'into the group itself, not where another names it',
      'pi5:\n  children:\n    workers:\nall:\n  children:\n    workers:\n      hosts:\n        a:\n',
      `pi5:\n  children:\n    workers:\nall:\n  children:\n    workers:\n      hosts:\n        a:\n        ${line}\n`,
    ],
    [
      'behind the mark some editors write',
      '\uFEFFworkers:\n  hosts:\n    a:\n',
      `\uFEFFworkers:\n  hosts:\n    a:\n    ${line}\n`,
    ],
  ]
  it.each(cases)('%s', (_, before, after) => {
    const added = add(before)
    expect(added.text).toBe(after)
    expect(added.inventory.groups.get('workers')).toContain('n1')
  })

  it('into the example: one line, and all groups above it', () => {
    const added = add(example, { name: 'pi5-worker-2', group: 'pi5_workers', address: '192.168.1.56' })
    const before = '            pi5-worker-1: { host: 192.168.1.54 }\n'
    expect(added.text).toBe(example.replace(before, `${before}            pi5-worker-2: { host: 192.168.1.56 }\n`))
    expect(added.place).toBe('inventory/hosts.yml:12:13')
    expect([...added.inventory.hosts.get('pi5-worker-2')!.groups].sort()).toEqual(['pi5', 'pi5_workers', 'workers'])
  })
  it.each([
    ['all', 'all:\n  hosts:\n    a:\n', ['ungrouped']],
    ['ungrouped', 'ungrouped:\n  hosts:\n    a:\n', ['ungrouped']],
    ['low', 'top: { children: { mid: { children: { low: {} } } } }\n', ['low', 'mid', 'top']],
  ])('into %s', (group, text, groups) => {
    expect([...add(text, { group }).inventory.hosts.get('n1')!.groups].sort()).toEqual(groups)
  })
  it('into the file that has its group', () => {
    const files = {
      'inventory/a.yml': 'other: { hosts: { a: {} } }\n',
      'inventory/b.yml': 'workers: { hosts: { b: {} } }\n',
    }
    expect(add(files).path).toBe('/p/inventory/b.yml')
  })
  it('with its labels, in quotes where they would be something else', () => {
    const { written, inventory } = add('workers:\n', {
      labels: { hardware: 'pi5', fast: 'true', 'a.b/c': '8', none: '' },
    })
    expect(written).toBe('n1: { host: 192.0.2.9, node_labels: { hardware: pi5, fast: "true", a.b/c: "8", none: "" } }')
    expect(inventory.hosts.has('n1')).toBe(true)
  })
  it('with an address of IPv6, and under the name that the inventory uses', () => {
    expect(add('workers:\n', { address: '2001:db8::1' }).written).toBe('n1: { host: "2001:db8::1" }')
    expect(add('workers: { hosts: { a: { ansible_host: b } } }\n').written).toBe('n1: { ansible_host: 192.0.2.9 }')
  })
})

describe('refused is', () => {
  const text = 'workers:\n  hosts:\n    a: { host: 192.0.2.1 }\n    r[1:3]:\n'
  const cases: readonly (readonly [string, Partial<NewHost>, string, RegExp])[] = [
    ['a name that is there', { name: 'a' }, 'conflicting', /has a host a already/],
    ['a name within a range', { name: 'r2' }, 'conflicting', /r2 already/],
    ['the name of a group', { name: 'workers' }, 'conflicting', /name of a group/],
    ['an address that another has', { address: '192.0.2.1' }, 'conflicting', /address of a$/],
    ['a group that is not there', { group: 'wrokers' }, 'unknown-group', /no group 'wrokers'/],
  ]
  it.each(cases)('%s', (_, more, code, message) => {
    const { code: said, message: text_, hint } = refusal(text, more)
    expect(said).toBe(code)
    expect(text_).toMatch(message)
    expect(hint).toMatch(/\w/)
  })
  it('what would say something else: two groups with the same hosts by an alias', () => {
    const shared = 'workers:\n  hosts: &h\n    a:\nothers:\n  hosts: *h\n'
    expect(refusal(shared)).toMatchObject({ code: 'not-supported', hint: `write it there by hand: \`${line}\`` })
  })
  it('with the place of who has it, and what was meant', () => {
    expect(refusal(text, { name: 'a' }).span?.start).toBe(text.indexOf('a: {'))
    expect(refusal(text, { group: 'wrokers' }).hint).toBe("did you mean 'workers'?")
  })
  it('everything where the inventory has mistakes', () => {
    expect(refusal('workers: [').code).toBe('yaml-syntax')
  })
})

it('what is added twice is there once', () => {
  const { text } = add(example)
  expect(() => add(text)).toThrow(/already/)
  const disk = diskOf({ 'inventory/hosts.yml': text })
  expect(loadInventory(loadSettings('/p', disk), disk).hosts.size).toBe(5)
})
