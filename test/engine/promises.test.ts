import { describe, expect, test } from 'vitest'
import type { ChangeKind } from '../../src/changes/kind.ts'
import { defineModule, type Module, unchanged } from '../../src/core/module.ts'
import { ask } from '../../src/core/question.ts'
import { Unknown } from '../../src/core/unknown.ts'
import { changes, keyValue, type SetKey, World } from './memory.ts'
import { type RunInput, run } from './run.ts'

const sure = (name: string, value: string, more = '') => `{sure: {name: ${name}, value: ${value}}${more}}`
const leaf = (name: string, value: string) => `{leaf: {name: ${name}, value: ${value}}}`

function go(world: World, tasks: readonly string[], input: Partial<RunInput> = {}) {
  const site = `- hosts: a\n  tasks:\n${tasks.map(task => `    - ${task}\n`).join('')}`
  return run(world, { files: { 'site.yml': site }, ...input })
}

/** What was set, frame by frame. */
const frames = (world: World) =>
  world.frames.map(frame => frame.filter(text => /^(set|fail) /.test(text))).filter(scripts => scripts.length > 0)

const statuses = ({ ends }: { readonly ends: readonly string[] }) => ends.map(end => end.split(' ').at(-1))

describe('a change that tells what comes of it', () => {
  test('lets the next of the same thing ride behind it', async () => {
    const world = new World()
    world.store('a').set('x', 'o')
    const ran = await go(world, [sure('x', 'a'), sure('x', 'b', ', register: r'), sure('x', 'c')])
    expect(frames(world)).toEqual([['set x a', 'set x b', 'set x c']])
    expect(statuses(ran)).toEqual(['changed', 'changed', 'changed'])
    expect(world.frames.flat().filter(script => script === 'get x')).toHaveLength(1)
  })

  test('what it has brought about already is nothing to do for the next, which is told so where one more is done', async () => {
    const world = new World()
    const ran = await go(world, [sure('x', 'a'), sure('x', 'a'), sure('x', 'b')])
    expect(frames(world)).toEqual([['set x a', 'set x b']])
    expect(statuses(ran)).toEqual(['changed', 'ok', 'changed'])
  })

  test('not where the change before it tells nothing', async () => {
    const world = new World()
    await go(world, [sure('x', 'a'), leaf('y', 'a'), sure('y', 'b')])
    expect(frames(world)).toEqual([['set x a', 'set y a'], ['set y b']])
  })

  test('not where another change of the same thing comes between', async () => {
    const world = new World()
    await go(world, [sure('x', 'a'), leaf('x', 'b'), sure('x', 'c')])
    expect(frames(world)).toEqual([['set x a', 'set x b'], ['set x c']])
  })

  test('what failed lets nothing be done behind it, and all is looked at again', async () => {
    const world = new World()
    const ran = await go(world, [
      sure('x', 'a'),
      sure('fail', 'v', ', ignore_errors: true'),
      sure('x', 'b'),
      sure('x', 'c'),
    ])
    const behind = ['fail v', 'set x b', 'set x c']
    expect(frames(world)).toEqual([['set x a', ...behind], behind, behind.slice(1)])
    expect(statuses(ran)).toEqual(['changed', 'ignored', 'changed', 'changed'])
  })

  test('what somebody else does behind it is found', async () => {
    const world = new World()
    world.meanwhile = (what, _host, key) => {
      if (what === 'set' && key === 'x') world.store('a').set('x', 'theirs')
    }
    await go(world, [sure('x', 'a'), '{opaque: {}}', sure('x', 'a')])
    expect(frames(world)).toEqual([['set x a'], ['set opaque done'], ['set x a']])
  })

  test('what only a run can tell keeps the next from riding', async () => {
    const partly: Module = defineModule({
      name: 'partly',
      summary: 'Look at a key, and when.',
      args: { type: 'object', additionalProperties: false, properties: {} },
      *plan() {
        const value = yield* ask(keyValue('x'))
        return unchanged({ seen: value === 'a' ? new Unknown('the time is known after apply') : value } as never)
      },
    })
    const world = new World()
    await go(world, [sure('x', 'a'), '{partly: {}}', sure('x', 'b')], { more: { modules: [partly] } })
    expect(frames(world)).toEqual([['set x a'], ['set x b']])
  })

  test('what it foretells to be unknown is asked', async () => {
    const dim: ChangeKind<SetKey> = {
      ...(changes.find(({ kind }) => kind === 'sure.set') as ChangeKind<SetKey>),
      fold: (shadow, { key }) => void shadow.values.set(key, new Unknown('nobody knows')),
    }
    const world = new World()
    await go(world, [sure('x', 'a'), sure('x', 'b')], { more: { changes: [dim as ChangeKind] } })
    expect(frames(world)).toEqual([['set x a'], ['set x b']])
  })
})
