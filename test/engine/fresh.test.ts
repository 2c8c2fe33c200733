import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/core/event.ts'
import { defineModule, type Module, unchanged } from '../../src/core/module.ts'
import { ask } from '../../src/core/question.ts'
import type { QuestionKind } from '../../src/questions/kind.ts'
import { World } from './memory.ts'
import { run, said } from './run.ts'

const site = (tasks: string, hosts = 'a,b') => ({
  'site.yml': `- hosts: ${hosts}\n  tasks:\n${tasks.replace(/^/gm, '    ')}\n`,
})

describe('what is looked at again and again is looked at anew', () => {
  test('until: each try sees what the host has become', async () => {
    const world = new World()
    world.store('a').set('x', '1')
    let looks = 0
    world.meanwhile = what => {
      // It comes true by itself after the third look.
      if (what === 'get' && ++looks === 3) world.store('a').set('x', '2')
    }
    const tasks = '- {name: t, key: {name: x, value: "1"}, register: r, until: r.before == "2", retries: 6, delay: 0}'
    const ran = await run(world, { files: site(tasks, 'a') })
    expect(ran.ends).toEqual(['t a changed'])
    expect(looks).toBe(4)
  })

  test('until never answers from what was asked ahead of it', async () => {
    const world = new World()
    world.store('a').set('x', '1')
    world.meanwhile = (what, _host, key) => {
      if (what === 'get' && key === 'w') world.store('a').set('x', '2')
    }
    const tasks = [
      '- {name: first, key: {name: x, value: "1"}}',
      '- {name: w, look: {name: w}}',
      '- {name: t, look: {name: x}, register: r, until: r.seen == "2", retries: 0, delay: 0}',
    ].join('\n')
    expect((await run(world, { files: site(tasks, 'a') })).ends.at(-1)).toBe('t a ok')
  })
})

describe('an open answer', () => {
  const playOf = (later: string) =>
    [
      '- {name: before, look: {name: x}}',
      '- {name: change, key: {name: y, value: v}, when: inventory_hostname == "b"}',
      `- {name: after, look: {name: ${later}}, register: r}`,
      '- {name: tell, debug: {msg: "{{r.seen}}"}}',
    ].join('\n')

  test.each(['x', 'z'])('is dropped when any host changes, asked or looked ahead: %s', async key => {
    const world = new World()
    for (const name of ['x', 'z']) world.store('a').set(name, 'old')
    world.meanwhile = (what, host, changed) => {
      if (what === 'set' && host === 'b' && changed === 'y') world.store('a').set(key, 'new')
    }
    const ran = await run(world, { files: site(playOf(key)) })
    expect(said(ran, 'a')).toEqual(['new'])
  })

  test('is dropped when a host changes while it is on its way', async () => {
    const world = new World()
    world.store('a').set('x', 'old').set('q', 'v')
    world.far.set('a', 300)
    world.meanwhile = (what, host) => {
      if (what === 'set' && host === 'b') world.store('a').set('x', 'new')
    }
    const tasks = [
      '- {name: change, key: {name: q, value: v}}',
      '- {name: after, look: {name: x}, register: r}',
      '- {name: tell, debug: {msg: "{{r.seen}}"}}',
    ].join('\n')
    expect(said(await run(world, { files: site(tasks) }), 'a')).toEqual(['new'])
  })

  test('is kept where nothing changed: it is asked once', async () => {
    const world = new World()
    world.store('b').set('y', 'v')
    world.store('a').set('x', 'old')
    let looks = 0
    world.meanwhile = (what, host, key) => {
      if (what === 'get' && host === 'a' && key === 'x') looks++
    }
    const ran = await run(world, { files: site(playOf('x')) })
    expect(said(ran, 'a')).toEqual(['old'])
    expect(looks).toBe(1)
  })
})

describe('an answer of the control side', () => {
  const own = defineModule({
    name: 'own',
    summary: 'Tell a key of the control side.',
    args: { type: 'object', required: ['name'], additionalProperties: false, properties: { name: { type: 'string' } } },
    *plan({ name }) {
      return unchanged({ seen: yield* ask<string>({ kind: 'local.key', key: name, arg: name }) })
    },
  })
  const notSent = () => {
    throw new Error('it is not sent')
  }
  const kind: QuestionKind = { kind: 'local.key', control: true, sh: notSent, parse: notSent }

  test('is never from before a change there, on any host', async () => {
    const world = new World()
    world.store('c').set('x', 'old')
    const tasks = [
      '- {name: before, own: {name: x}}',
      '- {name: change, key: {name: x, value: new}, delegate_to: c, when: inventory_hostname == "b"}',
      '- {name: after, own: {name: x}, register: r}',
      '- {name: tell, debug: {msg: "{{r.seen}}"}}',
    ].join('\n')
    const ran = await run(world, {
      files: site(tasks),
      more: { modules: [own] as unknown as readonly Module[], questions: [kind] },
      control: async ({ key }) => world.store('c').get(key),
    })
    expect([said(ran, 'a'), said(ran, 'b')]).toEqual([['new'], ['new']])
  })
})

describe('an answer', () => {
  const asked = (world: World, host: string) =>
    world.frames.filter(([of, script]) => of === host && script?.endsWith('get x'))
  const twice = (more: string) =>
    `- {name: one, key: {name: x, value: old}}\n- {name: two, key: {name: x, value: old}, ${more}}`

  test.each(['become: true', 'environment: {LANG: C}'])('is another one to somebody else: %s', async more => {
    const world = new World()
    world.store('a').set('x', 'old')
    expect((await run(world, { files: site(twice(more), 'a') })).ends).toEqual(['one a ok', 'two a ok'])
    expect(asked(world, 'a')).toHaveLength(2)
  })

  test('of one machine stays when another one changes', async () => {
    const world = new World()
    world.boots.set('a', 'm').set('b', 'n')
    for (const host of ['a', 'b']) world.store(host).set('x', 'old')
    const tasks = [
      '- {name: one, key: {name: x, value: old}}',
      '- {name: change, key: {name: x, value: new}, when: inventory_hostname == "b"}',
      '- {name: two, key: {name: x, value: old}}',
    ].join('\n')
    await run(world, { files: site(tasks) })
    expect(asked(world, 'a')).toHaveLength(1)
  })

  test('is dropped with the connection it came over', async () => {
    const world = new World()
    world.store('a').set('x', 'old')
    world.cuts.push({ script: 'get w', when: 'before' })
    const tasks = [
      '- {name: one, key: {name: x, value: old}}',
      '- {name: cut, look: {name: w}, until: "true"}',
      '- {name: two, key: {name: x, value: new}}',
    ].join('\n')
    const heed = (event: Event) => void (event.type === 'warning' && world.store('a').set('x', 'new'))
    expect((await run(world, { files: site(tasks, 'a'), heed })).ends.at(-1)).toBe('two a ok')
  })
})
