import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/core/event.ts'
import { World } from './memory.ts'
import { type Ran, type RunInput, run } from './run.ts'

const handlers = '  handlers:\n    - {name: h, key: {name: h, value: v}}\n'
const two = '- {name: s, key: {name: k, value: v}, notify: h}\n- {name: t, key: {name: l, value: v}}'
const play = (tasks: string, more = '') => ({
  'site.yml': `- hosts: a,b\n  tasks:\n${tasks.replace(/^/gm, '    ')}\n${more}`,
})

/** Runs, and is interrupted so many milliseconds after a task began on host a; again after so many more. */
async function interrupted(
  world: World,
  input: RunInput & { at: string; first: number; second?: number },
): Promise<Ran> {
  const [stop, force] = [new AbortController(), new AbortController()]
  const heed = (event: Event) => {
    if (event.type !== 'host.start' || event.task.name !== input.at || event.host !== 'a') return
    setTimeout(() => stop.abort('SIGINT'), input.first)
    if (input.second !== undefined) setTimeout(() => force.abort('SIGINT'), input.second)
  }
  return run(world, { ...input, heed, signal: stop.signal, force: force.signal })
}

const told = <T extends Event['type']>({ events }: Ran, type: T) =>
  events.filter((event): event is Extract<Event, { type: T }> => event.type === type)

describe('one signal', () => {
  test('finishes the change under way on every host, begins no other, and gives the locks back', async () => {
    const world = new World()
    world.delay = 120
    const ran = await interrupted(world, { files: play(two, handlers), at: 's', first: 40 })
    expect(ran.ends).toEqual(['s a changed', 's b changed'])
    expect(world.store('a').get('k')).toBe('v')
    expect(world.store('a').get('l')).toBeUndefined()
    expect(ran.result.exit).toBe(130)
    expect(told(ran, 'stopping')).toMatchObject([
      { signal: 'SIGINT', ends: false, changing: [{ host: 'a', task: { name: 's' } }, { host: 'b' }] },
    ])
    expect(told(ran, 'cancelled')[0]!.hosts).toMatchObject({
      a: { task: { name: 's' }, how: 'done', owed: ['h'] },
      b: { how: 'done' },
    })
    expect(world.owed.get('a')?.size).toBe(1)
    expect(world.frames.flat().filter(script => script === 'note lock.release')).toHaveLength(2)
    const next = await run(world, { files: play(two, handlers) })
    expect(next.ends).toEqual(['s a ok', 's b ok', 't a changed', 't b changed', 'h a changed', 'h b changed'])
    expect(world.owed.get('a')?.size).toBe(0)
  })

  test('gives up what is being asked, at once, and calls it no failure', async () => {
    const world = new World()
    world.slowAnswers = 5000
    const began = Date.now()
    const rescued =
      '- block:\n    - {name: s, key: {name: k, value: v}}\n  rescue:\n    - {name: r, key: {name: r, value: v}}'
    const ran = await interrupted(world, { files: play(rescued), at: 's', first: 20 })
    expect(Date.now() - began).toBeLessThan(2000)
    expect(ran.ends).toEqual(['s a skipped', 's b skipped'])
    expect(ran.result.hosts.a).toMatchObject({ failed: 0, rescued: 0, changed: 0 })
    expect(told(ran, 'cancelled')[0]!.hosts).toMatchObject({ a: { how: 'given-up' }, b: { how: 'given-up' } })
  })

  test('gives up waiting between two tries', async () => {
    const until = '- {name: s, register: r, until: "false", retries: 9, delay: 60, key: {name: k, value: v}}'
    const began = Date.now()
    const ran = await interrupted(new World(), { files: play(until), at: 's', first: 100 })
    expect(Date.now() - began).toBeLessThan(2000)
    expect(told(ran, 'cancelled')[0]!.hosts).toMatchObject({ a: { how: 'stopped' } })
  })

  test('leaves a loop after the item under way', async () => {
    const world = new World()
    world.delay = 100
    const loop = '- {name: s, loop: [x, y, z], key: {name: "{{item}}", value: v}, notify: h}'
    const ran = await interrupted(world, { files: play(loop, handlers), at: 's', first: 30 })
    expect([...world.store('a').keys()]).toEqual(['x'])
    expect(told(ran, 'cancelled')[0]!.hosts.a).toMatchObject({ how: 'stopped', owed: ['h'] })
  })

  test('a handler that is finished is owed no more; one that was not begun is', async () => {
    const more = '  handlers:\n    - {name: h, key: {name: h, value: v}}\n    - {name: i, key: {name: i, value: v}}\n'
    const tasks = '- {name: s, key: {name: k, value: v}, notify: [h, i]}'
    const world = new World()
    world.delay = 80
    const ran = await interrupted(world, { files: play(tasks, more), at: 'h', first: 30 })
    expect(ran.ends).toEqual(['s a changed', 's b changed', 'h a changed', 'h b changed'])
    expect(told(ran, 'cancelled')[0]!.hosts.a).toMatchObject({ task: { name: 'h' }, how: 'done', owed: ['i'] })
    expect([...world.owed.get('a')!.values()].join()).toMatch(/"address":"i"/)
  })
})

describe('two signals', () => {
  test('end the change, whose outcome is then unknown; locks are given back all the same', async () => {
    const world = new World()
    world.delay = 60_000
    const ran = await interrupted(world, { files: play(two, handlers), at: 's', first: 20, second: 60 })
    expect(ran.ends).toEqual(['s a failed', 's b failed'])
    expect(told(ran, 'stopping').map(({ ends }) => ends)).toEqual([false, true])
    expect(told(ran, 'cancelled')[0]!.hosts.a).toMatchObject({ how: 'ended', owed: ['h'] })
    const end = told(ran, 'host.end')[0]!
    expect(end.diagnostic).toMatchObject({ code: 'cancelled', cause: expect.stringContaining('unknown') })
    expect(world.frames.flat().filter(script => script === 'note lock.release')).toHaveLength(2)
    expect(ran.result.exit).toBe(130)
  })
})
