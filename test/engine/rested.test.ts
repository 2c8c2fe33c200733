import { expect, test } from 'vitest'
import { World } from './memory.ts'
import { run } from './run.ts'

const quiet = (name: string, more = '') => `{quiet: {name: ${name}, value: v}${more}}`
const opened = (world: World) => world.channels.filter(what => what.startsWith('open'))

async function go(tasks: readonly string[], world = new World()) {
  const handlers = `  handlers: [{name: h, leaf: {name: h, value: v}}]\n`
  const site = `- hosts: a\n  tasks:\n${tasks.map(task => `    - ${task}\n`).join('')}${handlers}`
  await run(world, { files: { 'site.yml': site } })
  return world
}

test('one quiet change takes the channel of the one before', async () => {
  expect((await go([quiet('x'), quiet('y'), quiet('z')])).channels).toEqual(['open a'])
})

test('looks, and notes of handlers, may come between', async () => {
  expect((await go([quiet('x'), '{look: {name: y}}', quiet('y', ', notify: h')])).channels).toEqual([
    'open a',
    'close a',
  ])
})

test.each([
  ['a change in the shell that all share', '{leaf: {name: y, value: v}}', 2],
  ['a change that may leave something in its channel', '{opaque: {}}', 3],
  ['a task of somebody else', quiet('y', ', become: true, become_user: pi'), 3],
])('not behind %s', async (_, between, channels) => {
  const world = await go([quiet('x'), between, quiet('z')])
  expect(opened(world)).toHaveLength(channels)
  expect(world.channels[1]).toMatch(/^(close a|open pi@a)$/)
})

test('not over another connection', async () => {
  const world = new World()
  world.meanwhile = (what, _host, key) => {
    if (what === 'set' && key === 'x') world.cuts.push({ script: 'get y', when: 'before' })
  }
  await go([quiet('x'), '{look: {name: y}}', quiet('z')], world)
  expect(opened(world)).toHaveLength(2)
  expect(world.store('a').get('z')).toBe('v')
})

test('work that failed leaves it as good as any', async () => {
  const world = await go([quiet('fail', ', ignore_errors: true'), quiet('x')])
  expect(world.channels).toEqual(['open a'])
})
