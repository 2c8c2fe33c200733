import { describe, expect, test } from 'vitest'
import { World } from './memory.ts'
import { run } from './run.ts'

const twoTasks = `
- hosts: all
  tasks:
    - {name: one, key: {name: one, value: x}}
    - {name: two, key: {name: two, value: x}}
`

describe('linear', () => {
  test.each([1, 2, 3, 10])('with %i forks a task has ended everywhere before the next begins', async forks => {
    const world = new World()
    world.delay = 5
    await run(world, { files: { 'site.yml': twoTasks }, forks })
    const whats = world.steps.map(step => step.what)
    expect(whats.lastIndexOf('one=x')).toBeLessThan(whats.indexOf('two=x'))
    expect(world.steps).toHaveLength(12)
  })

  test('as many hosts change at once as there are forks, and no more', async () => {
    for (const forks of [1, 2, 3]) {
      const world = new World()
      world.delay = 10
      await run(world, { files: { 'site.yml': twoTasks }, forks })
      let running = 0
      let most = 0
      for (const step of world.steps) {
        running += step.at === 'begin' ? 1 : -1
        most = Math.max(most, running)
      }
      expect(most).toBe(forks)
    }
  })

  test('throttle: fewer hosts at once than there are forks', async () => {
    const world = new World()
    world.delay = 10
    const site = '- {hosts: all, tasks: [{name: one, throttle: 2, key: {name: one, value: x}}]}\n'
    await run(world, { files: { 'site.yml': site }, forks: 10 })
    let running = 0
    let most = 0
    for (const step of world.steps) {
      running += step.at === 'begin' ? 1 : -1
      most = Math.max(most, running)
    }
    expect(most).toBe(2)
  })

  test('loop_control: pause waits between the items', async () => {
    const site =
      '- {hosts: a, tasks: [{name: one, loop: [x, y, z], loop_control: {pause: 0.1}, key: {name: "{{item}}", value: x}}]}\n'
    const started = performance.now()
    await run(new World(), { files: { 'site.yml': site } })
    expect(performance.now() - started).toBeGreaterThan(190)
  })

  test('free: a host goes on without waiting for the others', async () => {
    const world = new World()
    const site = `
- hosts: all
  strategy: free
  tasks:
    - {name: one, key: {name: one, value: x}}
    - {name: two, key: {name: two, value: x}}
`
    await run(world, { files: { 'site.yml': site }, forks: 1 })
    expect(world.steps.filter(step => step.at === 'end').map(step => step.host + step.what)).toHaveLength(6)
  })

  test('serial goes batch by batch, and stops when a whole batch failed', async () => {
    const world = new World()
    const site = `
- hosts: all
  serial: [1, 2]
  tasks:
    - {name: one, key: {name: one, value: x}}
`
    const ran = await run(world, { files: { 'site.yml': site } })
    expect(ran.ends).toHaveLength(3)
    expect(ran.ends[0]).toBe('one a changed')
    const failing = site.replace('key: {name: one, value: x}', 'fail: {msg: no}')
    expect((await run(new World(), { files: { 'site.yml': failing } })).ends).toEqual(['one a failed'])
  })

  test('run_once acts once, and all hosts have its register', async () => {
    const site = `
- hosts: all
  tasks:
    - {name: once, key: {name: k, value: v}, run_once: true, register: r}
    - {name: say, debug: {msg: "{{r.changed}}"}}
`
    const world = new World()
    const ran = await run(world, { files: { 'site.yml': site } })
    expect(ran.ends.filter(end => end.startsWith('once'))).toEqual(['once a changed'])
    expect(ran.ends.filter(end => end.startsWith('say'))).toHaveLength(3)
    expect([...world.hosts.keys()].filter(host => world.store(host).has('k'))).toEqual(['a'])
  })

  test('a delegated task acts on its delegate, with its own host in its variables', async () => {
    const site = `
- hosts: b,c
  tasks:
    - {name: there, key: {name: "from_{{inventory_hostname}}", value: v}, delegate_to: a}
`
    const world = new World()
    await run(world, { files: { 'site.yml': site } })
    expect([...world.store('a').keys()].sort()).toEqual(['from_b', 'from_c'])
    expect(world.store('b').size).toBe(0)
  })
})

describe('a host that is lost', () => {
  test('is unreachable, and the others go on', async () => {
    const world = new World()
    world.dead.add('b')
    const ran = await run(world, { files: { 'site.yml': twoTasks } })
    expect(ran.result.exit).toBe(4)
    expect(ran.result.hosts.b).toMatchObject({ unreachable: true, changed: 0 })
    expect(ran.result.hosts.c).toMatchObject({ unreachable: false, changed: 2 })
    expect(ran.ends.filter(end => end.includes(' b '))).toEqual(['one b unreachable'])
  })

  test('in the middle of a change: the outcome is said to be unknown', async () => {
    const site = '- {hosts: a, tasks: [{name: one, key: {name: cut, value: x}}]}\n'
    const ran = await run(new World(), { files: { 'site.yml': site } })
    const end = ran.events.find(event => event.type === 'host.end')
    expect(end).toMatchObject({ status: 'unreachable', diagnostic: { code: 'outcome-unknown' } })
  })
})
