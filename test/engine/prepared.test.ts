import { expect, test } from 'vitest'
import { defineModule, type Module, unchanged } from '../../src/core/module.ts'
import { ask } from '../../src/core/question.ts'
import type { QuestionKind } from '../../src/questions/kind.ts'
import { World } from './memory.ts'
import { run } from './run.ts'

/** Looks at a key by the user's own words. */
const wordsModule = defineModule({
  name: 'words',
  summary: 'Tell a key by a command.',
  args: { type: 'object', required: ['name'], additionalProperties: false, properties: { name: { type: 'string' } } },
  *plan({ name }) {
    return unchanged({ seen: yield* ask<string>({ kind: 'words', key: name, arg: name }) })
  },
})

const wordsKind = {
  kind: 'words',
  own: true,
  sh: ([name]: readonly string[]) => `get ${name}`,
  parse: () => ['said'],
} as unknown as QuestionKind

async function channelsOf(tasks: readonly string[], more: { check?: boolean; world?: World } = {}) {
  const world = more.world ?? new World()
  await run(world, {
    files: { 'site.yml': `- hosts: a\n  tasks:\n${tasks.map(task => `    - ${task}\n`).join('')}` },
    check: more.check ?? false,
    more: { modules: [wordsModule] as unknown as readonly Module[], questions: [wordsKind] },
  })
  return world.channels
}

const settled = (name: string) => {
  const world = new World()
  world.store('a').set(name, 'v')
  return world
}

test('what comes is logged in for along with the questions before it', async () => {
  const channels = await channelsOf(['{look: {name: x}}', '{words: {name: y}}'])
  expect(channels).toEqual(['open a now', 'close a'])
})

test('one at a time, the next along with the next questions', async () => {
  const tasks = ['{look: {name: x}}', '{words: {name: y}}', '{look: {name: "{{ inventory_hostname }}"}}']
  expect(await channelsOf([...tasks, '{words: {name: z}}'])).toEqual(['open a now', 'close a', 'open a', 'close a'])
})

test('a login of before a change is not taken', async () => {
  const channels = await channelsOf(['{key: {name: x, value: v}}', '{words: {name: y}}'])
  expect(channels).toEqual(['open a now', 'close a', 'open a', 'close a'])
})

test('nor made where the run has changed something', async () => {
  const tasks = ['{key: {name: x, value: v}}', '{words: {name: y}}', '{look: {name: z}}', '{words: {name: w}}']
  const channels = await channelsOf(tasks)
  expect(channels.filter(what => what === 'open a now')).toHaveLength(1)
})

test('what is in place changes nothing, and a check never does', async () => {
  const tasks = ['{key: {name: x, value: v}}', '{words: {name: y}}']
  expect(await channelsOf(tasks, { world: settled('x') })).toEqual(['open a now', 'close a'])
  expect(await channelsOf(tasks, { check: true })).toEqual(['open a now', 'close a'])
})

test('somebody else has a login of their own', async () => {
  const tasks = ['{look: {name: x}}', '{words: {name: y}}', '{words: {name: z}, become: true, become_user: pi}']
  expect(await channelsOf(tasks)).toEqual(['open a now', 'close a', 'open pi@a', 'close pi@a'])
})

const twoLooks = ['{look: {name: x}, register: r}', '{look: {name: "{{ r.seen }}"}}', '{words: {name: y}}']
const leading = () => {
  const world = new World()
  world.store('a').set('x', 'z')
  return world
}

test('once for it, however many questions come before', async () => {
  expect(await channelsOf(twoLooks, { world: leading() })).toEqual(['open a now', 'close a'])
})

test('over another connection it is another login', async () => {
  const world = leading()
  world.cuts.push({ script: 'get z', when: 'before' })
  expect(await channelsOf(twoLooks, { world })).toEqual(['open a now', 'open a now', 'close a'])
})
