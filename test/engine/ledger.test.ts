import { describe, expect, test } from 'vitest'
import { World } from './memory.ts'
import { run } from './run.ts'

const files = {
  'site.yml': `
- hosts: a
  tasks:
    - {name: s, key: {name: k, value: v}, notify: h}
    - {name: f, key: {name: "{{bad}}", value: x}}
  handlers:
    - {name: h, key: {name: h, value: v}}
`,
}

describe('handlers are durable', () => {
  test('a run that fails before it comes to them leaves a note, and the next run pays', async () => {
    const world = new World()
    const first = await run(world, { files, extra: ['bad=fail'] })
    expect(first.ends).toEqual(['s a changed', 'f a failed'])
    expect(world.owed.get('a')?.size).toBe(1)
    const second = await run(world, { files, extra: ['bad=k2'] })
    expect(second.ends).toEqual(['s a ok', 'f a changed', 'h a changed'])
    expect(world.owed.get('a')?.size).toBe(0)
    expect(second.events.find(event => event.type === 'warning')).toMatchObject({
      diagnostic: { code: 'handler-owed' },
    })
    expect((await run(world, { files, extra: ['bad=k2'] })).ends).toEqual(['s a ok', 'f a ok'])
  })

  describe('flushed in the midst of the play', () => {
    const flushing = (tasks: string) => ({
      'site.yml': `
- hosts: a
  tasks:
    - meta: flush_handlers
${tasks}
    - {name: f, key: {name: "{{bad}}", value: x}}
    - meta: flush_handlers
    - {name: l, debug: {msg: x}}
  handlers:
    - {name: h, key: {name: h, value: v}}
`,
    })
    const one = '    - {name: s, key: {name: k, value: v}, notify: h}'

    test('what is owed for a task still to come waits until that has had its turn', async () => {
      const world = new World()
      await run(world, { files: flushing(one), extra: ['bad=fail'] })
      const check = await run(world, { files: flushing(one), extra: ['bad=k2'], check: true })
      const second = await run(world, { files: flushing(one), extra: ['bad=k2'] })
      expect(second.ends).toEqual(['s a ok', 'f a changed', 'h a changed', 'l a ok'])
      expect(check.ends).toEqual(second.ends)
      expect(world.owed.get('a')?.size).toBe(0)
    })

    test('where that task has gone, or is not chosen, it is paid all the same', async () => {
      const world = new World()
      await run(world, { files: flushing(one), extra: ['bad=fail'] })
      const gone = await run(world, { files: flushing('    - {name: g, debug: {msg: x}}'), extra: ['bad=k2'] })
      expect(gone.ends).toEqual(['h a changed', 'g a ok', 'f a changed', 'l a ok'])
      const tagged = `${one.slice(0, -1)}, tags: t}`
      const other = new World()
      await run(other, { files: flushing(tagged), extra: ['bad=fail'] })
      const without = await run(other, { files: flushing(tagged), extra: ['bad=k2'], skipTags: ['t'] })
      expect(without.ends).toContain('h a changed')
      expect(other.owed.get('a')?.size).toBe(0)
    })

    test('one that another task notifies meanwhile is due at once', async () => {
      const world = new World()
      const both = '    - {name: p, key: {name: "{{first}}", value: w}, notify: h}\n    - meta: flush_handlers\n'
      const twice = flushing(`${both}${one}`)
      const first = await run(world, { files: twice, extra: ['bad=fail', 'first=p1'] })
      expect(first.ends).toEqual(['p a changed', 'h a changed', 's a changed', 'f a failed'])
      const last = await run(world, { files: twice, extra: ['bad=k2', 'first=p2'] })
      expect(last.ends).toEqual(['p a changed', 'h a ok', 's a ok', 'f a changed', 'l a ok'])
    })
  })

  test('a check reads the notes, and pays nothing', async () => {
    const world = new World()
    await run(world, { files, extra: ['bad=fail'] })
    const check = await run(world, { files, extra: ['bad=k2'], check: true })
    expect(check.ends).toEqual(['s a ok', 'f a changed', 'h a changed'])
    expect(world.owed.get('a')?.size).toBe(1)
  })

  test('a handler that fails is owed still', async () => {
    const world = new World()
    const failing = { 'site.yml': files['site.yml'].replace('key: {name: h,', 'key: {name: "{{bad}}",') }
    await run(world, { files: failing, extra: ['bad=fail'] })
    expect(world.owed.get('a')?.size).toBe(1)
  })

  test('the note is written before the change, in the same frame', async () => {
    const world = new World()
    await run(world, { files, extra: ['bad=k2'] })
    const frame = world.frames.find(([, ...scripts]) => scripts.includes('set k v'))!
    expect(frame.map(script => script.split(' ')[0])).toEqual(['a', 'note', 'owe', 'set'])
  })

  test('changed_when false: nothing is owed, and no note stays', async () => {
    const world = new World()
    const quiet = { 'site.yml': files['site.yml'].replace('notify: h}', 'notify: h, changed_when: "false"}') }
    await run(world, { files: quiet, extra: ['bad=fail'] })
    expect(world.owed.get('a')?.size).toBe(0)
  })

  describe('of a task that acts as somebody else than the handlers', () => {
    const mixed = (task: string) => ({
      'site.yml': `
- hosts: a
  become: true
  tasks:
    - ${task}
    - {name: f, key: {name: "{{bad}}", value: x}}
  handlers:
    - {name: h, key: {name: h, value: v}}
    - {name: i, key: {name: i, value: v}, become: false}
`,
      'tasks/more.yml': '- {name: s, key: {name: k, value: v}, become: false, notify: [h, i]}\n',
    })

    test.each([
      ['in the play', '{name: s, key: {name: k, value: v}, become: false, notify: [h, i]}'],
      ['in a block', '{become: false, block: [{name: s, key: {name: k, value: v}, notify: [h, i]}]}'],
      ['in an include', '{include_tasks: tasks/more.yml}'],
    ])('%s: the next run pays, and no note stays', async (_, task) => {
      const world = new World()
      await run(world, { files: mixed(task), extra: ['bad=fail'] })
      expect(world.owed.get('a')?.size).toBe(2)
      const second = await run(world, { files: mixed(task), extra: ['bad=k2'] })
      expect(second.ends).toEqual(['s a ok', 'f a changed', 'h a changed', 'i a changed'])
      expect(world.owed.get('a')?.size).toBe(0)
      const third = await run(world, { files: mixed(task), extra: ['bad=k2'] })
      expect(third.ends).toEqual(['s a ok', 'f a ok'])
    })

    test('what this run notes itself is paid without a word', async () => {
      const ran = await run(new World(), { files: mixed('{include_tasks: tasks/more.yml}'), extra: ['bad=k2'] })
      expect(ran.ends).toEqual(['s a changed', 'f a changed', 'h a changed', 'i a changed'])
      expect(ran.events.filter(({ type }) => type === 'warning')).toEqual([])
    })
  })

  test('a note of another play is told, not lost', async () => {
    const world = new World()
    await run(world, { files, extra: ['bad=fail'] })
    const other = {
      'site.yml': '- hosts: a\n  name: other\n  tasks: [{debug: {msg: x}}]\n  handlers: [{name: q, debug: {msg: y}}]\n',
    }
    const ran = await run(world, { files: other })
    expect(world.owed.get('a')?.size).toBe(1)
    const warning = ran.events.find(event => event.type === 'warning')
    expect(warning).toMatchObject({ diagnostic: { message: expect.stringContaining("'h'") } })
  })
})

describe('a host that cannot be asked what it is owed', () => {
  test('garbage fails that host, and the others go on', async () => {
    const world = new World()
    world.owed.set('a', new Map([['x', 'garbage']]))
    const both = { 'site.yml': files['site.yml'].replace('hosts: a', 'hosts: a,b') }
    const ran = await run(world, { files: both, extra: ['bad=k2'] })
    expect(ran.result.hosts).toMatchObject({ a: { failed: 1, changed: 0 }, b: { failed: 0, changed: 3 } })
  })

  test('one that is gone is unreachable, once', async () => {
    const world = new World()
    world.dead.add('a')
    const ran = await run(world, { files, extra: ['bad=k2'] })
    expect(ran.result.exit).toBe(4)
    expect(ran.ends).toEqual([])
  })
})

describe('the lock', () => {
  test('is taken once, in the frame of the first change, and given back at the end', async () => {
    const world = new World()
    await run(world, { files, extra: ['bad=k2'] })
    const notes = world.frames.flat().filter(script => script.startsWith('note'))
    expect(notes).toEqual(['note lock.take', 'note lock.release'])
  })

  test('a check, and a run that changes nothing, take none', async () => {
    const world = new World()
    await run(world, { files, extra: ['bad=k2'], check: true })
    await run(world, { files, extra: ['bad=k2'] })
    world.frames.length = 0
    await run(world, { files, extra: ['bad=k2'] })
    expect(world.frames.flat().filter(script => script.startsWith('note'))).toEqual([])
  })
})
