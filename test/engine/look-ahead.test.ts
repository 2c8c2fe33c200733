import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { World } from './memory.ts'
import { run } from './run.ts'

const site = (tasks: string, hosts = 'a') => ({
  'site.yml': `- hosts: ${hosts}\n  tasks:\n${tasks.replace(/^/gm, '    ')}\n`,
})
const many = (count: number) =>
  Array.from({ length: count }, (_, i) => `- {name: t${i}, key: {name: k${i}, value: v}}`).join('\n')

/** Random plays over a few keys: they meet each other, register, decide, loop and fail. */
const task = fc.record({
  key: fc.constantFrom('x', 'y', 'z'),
  value: fc.constantFrom('1', '2', '{{r.before}}'),
  register: fc.boolean(),
  when: fc.constantFrom(undefined, 'r.changed', '!r.changed', 'false'),
  loop: fc.boolean(),
  opaque: fc.integer({ min: 0, max: 7 }),
  module: fc.constantFrom('key', 'leaf', 'leaf'),
  on: fc.constantFrom(undefined, undefined, 'b'),
  notify: fc.boolean(),
  ignore: fc.boolean(),
  delegate: fc.constantFrom(undefined, undefined, undefined, 'c'),
})
const plays = fc.array(task, { minLength: 1, maxLength: 8 }).map(tasks =>
  [
    '- {name: first, register: r, key: {name: x, value: "0"}}',
    ...tasks.map((one, i) => {
      const on = one.on ? `, on: ${one.on}` : ''
      const does =
        one.opaque === 0
          ? 'opaque: {}'
          : `${one.module}: {name: ${one.loop ? '"{{item}}"' : one.key}, value: "${one.value}"${on}}`
      const more = [
        one.register ? 'register: r' : '',
        one.when ? `when: "${one.when}"` : '',
        one.loop && one.opaque > 0 ? `loop: [x, ${one.key}, y]` : '',
        one.notify ? 'notify: h' : '',
        one.ignore ? 'ignore_errors: true' : '',
        one.delegate ? `delegate_to: ${one.delegate}` : '',
      ].filter(text => text !== '')
      return `- {name: t${i}, ${[does, ...more].join(', ')}}`
    }),
  ].join('\n'),
)

describe('look-ahead', () => {
  test.each([false, true])('changes nothing of what is seen and done (check: %s)', async check => {
    const tried = fc.asyncProperty(
      plays,
      fc.dictionary(fc.constantFrom('x', 'y'), fc.constantFrom('0', '1')),
      fc.constantFrom('a', 'a,b'),
      async (tasks, start, hosts) => {
        const files = {
          'site.yml': `${site(tasks, hosts)['site.yml']}  handlers: [{name: h, key: {name: z, value: h}}]\n`,
        }
        const outcomes = await Promise.all(
          [true, false].map(async lookAhead => {
            const world = new World()
            world.delay = 0
            for (const [key, value] of Object.entries(start)) world.store('a').set(key, value)
            // One fork: the order of two hosts that change one another is then the same.
            const ran = await run(world, { files, check, lookAhead, forks: 1 })
            return {
              ends: ran.ends,
              state: [...world.hosts].map(([host, keys]) => [host, [...keys].sort()]).sort(),
              exit: ran.result.exit,
            }
          }),
        )
        expect(outcomes[0]).toEqual(outcomes[1])
      },
    )
    await fc.assert(tried, { numRuns: 60 })
  })

  test('a run that changes nothing is one frame, however many tasks it has', async () => {
    const world = new World()
    for (let i = 0; i < 40; i++) world.store('a').set(`k${i}`, 'v')
    const ran = await run(world, { files: site(many(40)) })
    expect(ran.ends.filter(end => end.endsWith('ok'))).toHaveLength(40)
    expect(world.frames).toHaveLength(1)
  })

  test('a chain through a register costs one frame more', async () => {
    const world = new World()
    for (const key of ['k', 'v', 'w']) world.store('a').set(key, 'v')
    const tasks =
      '- {register: r, key: {name: k, value: v}}\n- {key: {name: "{{r.before}}", value: v}}\n- {key: {name: w, value: v}}'
    await run(world, { files: site(tasks) })
    expect(world.frames).toHaveLength(2)
  })

  test('a first run does not ask again and again: restraint after changes', async () => {
    const world = new World()
    await run(world, { files: site(many(20)) })
    const questions = world.frames
      .flat()
      .filter(script => script.startsWith('get'))
      .flatMap(script => script.split(' ').slice(1))
    expect(questions.length).toBeLessThanOrEqual(40)
  })
})

describe('what makes an answer stale', () => {
  const lines = (world: World) => world.frames.filter(([host]) => host === 'a').flatMap(([, ...scripts]) => scripts)

  test('a change of the same thing', async () => {
    const world = new World()
    world.store('a').set('k', 'old')
    const ran = await run(world, {
      files: site('- {name: s, key: {name: k, value: v}}\n- {name: t, key: {name: k, value: old}}'),
    })
    expect(ran.ends).toEqual(['s a changed', 't a changed'])
  })

  test('not a change of another thing: its answer is used', async () => {
    const world = new World()
    world.store('a').set('l', 'v')
    const tasks = '- {name: s, key: {name: k, value: v}}\n- {name: t, key: {name: l, value: v}}'
    await run(world, { files: site(tasks) })
    expect(lines(world).filter(script => /^get .*\bl\b/.test(script))).toHaveLength(1)
  })

  test('something opaque: all of the host', async () => {
    const world = new World()
    world.store('a').set('opaque', 'x')
    const tasks =
      '- {name: s, key: {name: opaque, value: x}}\n- {name: o, opaque: {}}\n- {name: t, key: {name: opaque, value: done}}'
    const ran = await run(world, { files: site(tasks) })
    expect(ran.ends).toEqual(['s a ok', 'o a changed', 't a ok'])
  })

  test('a delegated change counts where it happened', async () => {
    const world = new World()
    world.store('a').set('k', 'old')
    const tasks = '- {name: s, key: {name: k, value: new}, delegate_to: a}\n- {name: t, key: {name: k, value: new}}'
    const ran = await run(world, { files: { 'site.yml': `- hosts: b,a\n  tasks:\n${tasks.replace(/^/gm, '    ')}\n` } })
    expect(ran.ends).toEqual(['s a changed', 's b ok', 't a ok', 't b changed'])
  })

  test.each([
    ['one machine', 'm', ['s a ok', 's b ok', 't a changed', 't b ok']],
    ['two machines', 'n', ['s a ok', 's b ok', 't a changed', 't b changed']],
  ])('a change by another name, where both are %s', async (_, boot, ends) => {
    const world = new World()
    world.boots.set('a', 'm').set('b', boot)
    world.store('a').set('p', 'v')
    if (boot === 'm') world.hosts.set('b', world.store('a'))
    else world.store('b').set('p', 'v')
    // Both have looked ahead before either changes anything.
    const tasks = '- {name: s, key: {name: p, value: v}}\n- {name: t, key: {name: k, value: v}}'
    const ran = await run(world, { files: site(tasks, 'a,b'), forks: 1 })
    expect(ran.ends).toEqual(ends)
  })

  test("another host's answer is never from before a change there", async () => {
    const world = new World()
    const tasks =
      '- {name: s, key: {name: k, value: v, on: b}}\n- {name: t, key: {name: k, value: w, on: b}}\n- {name: u, key: {name: k, value: w, on: b}}'
    const ran = await run(world, { files: site(tasks) })
    expect(ran.ends).toEqual(['s a changed', 't a changed', 'u a ok'])
  })

  test('another run that had the lock: all that was looked at before it was waited for', async () => {
    const world = new World()
    world.locked = 1
    world.meanwhile = (what, host, key) => {
      if (what === 'set' && key === 'lock') world.store(host).set('l', 'new')
    }
    const tasks = '- {name: s, key: {name: k, value: v}}\n- {name: t, key: {name: l, value: new}}'
    const ran = await run(world, { files: site(tasks), waitLock: 30 })
    expect(ran.ends).toEqual(['s a changed', 't a ok'])
  })

  test('until looks afresh each time', async () => {
    const world = new World()
    const tasks = '- {name: s, register: r, until: "!r.changed", retries: 3, delay: 0, key: {name: k, value: v}}'
    expect((await run(world, { files: site(tasks) })).ends).toEqual(['s a ok'])
  })
})
