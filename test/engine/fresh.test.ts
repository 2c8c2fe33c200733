import { describe, expect, test } from 'vitest'
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
