import { describe, expect, test } from 'vitest'
import { World } from './memory.ts'
import { run, said } from './run.ts'

const play = (tasks: string, more = '') => ({
  'site.yml': `- hosts: a\n  tasks:\n${tasks.replace(/^/gm, '    ')}\n${more}`,
})
const plays = [
  '- {name: s, key: {name: k, value: v}}\n- {name: t, key: {name: k, value: v}}\n- {name: u, key: {name: k, value: w}}',
  '- {name: s, register: r, key: {name: k, value: v}}\n- {name: t, when: r.changed, key: {name: l, value: v}}',
  '- {name: s, loop: [x, y, x], key: {name: "{{item}}", value: v}}',
  '- {name: s, failed_when: "true", key: {name: k, value: v}}',
  '- block: [{name: s, key: {name: k, value: v}}, {name: f, fail: {msg: x}}]\n  rescue: [{name: r, key: {name: k, value: w}}]',
]

describe('a check', () => {
  test.each(plays)('touches nothing and decides what the run does: %s', async tasks => {
    const world = new World()
    world.store('a').set('l', 'old')
    const check = await run(world, { files: play(tasks), check: true })
    expect(world.steps).toEqual([])
    const done = await run(world, { files: play(tasks) })
    expect(check.ends).toEqual(done.ends)
    const diffs = (ran: typeof done) => ran.events.flatMap(event => (event.type === 'host.end' ? event.changes : []))
    expect(diffs(check)).toEqual(diffs(done))
    expect(check.result.pending).toBe(!tasks.includes('failed_when'))
  })

  test('after a run finds nothing to do', async () => {
    const world = new World()
    await run(world, { files: play(plays[0]!.split('\n').slice(0, 2).join('\n')) })
    const check = await run(world, { files: play(plays[0]!.split('\n').slice(0, 2).join('\n')), check: true })
    expect(check.ends).toEqual(['s a ok', 't a ok'])
    expect(check.result.pending).toBe(false)
  })

  test('what only a run can tell is Unknown through register, template and when', async () => {
    const tasks = [
      '- {name: o, register: r, opaque: {}}',
      '- {name: t, register: t, key: {name: k, value: "{{r.stdout}}"}}',
      '- {name: w, when: "r.stdout == \'x\'", debug: {msg: hi}}',
      '- {name: f, when: "false && r.stdout == \'x\'", debug: {msg: hi}}',
      '- {name: c, changed_when: "r.stdout == \'x\'", key: {name: l, value: v}}',
      '- {name: d, debug: {msg: "{{t.changed}}"}}',
    ].join('\n')
    const check = await run(new World(), { files: play(tasks), check: true })
    expect(check.ends).toEqual(['o a changed', 't a unknown', 'w a unknown', 'f a skipped', 'c a unknown', 'd a ok'])
    expect(said(check, 'a').at(-1)).toContain('known after apply')
  })

  test('handlers of what is Unknown may run', async () => {
    const handlers = '  handlers:\n    - {name: h, key: {name: h, value: v}}\n'
    const tasks = '- {name: o, register: r, opaque: {}}\n- {name: t, key: {name: k, value: "{{r.stdout}}"}, notify: h}'
    const check = await run(new World(), { files: play(tasks, handlers), check: true })
    expect(check.ends.at(-1)).toBe('h a unknown')
  })

  test('after something opaque, what is not found may be there and what is found is an assumption', async () => {
    const world = new World()
    world.store('a').set('there', 'v')
    const tasks =
      '- {name: o, opaque: {}}\n- {name: n, key: {name: nowhere, value: v}}\n- {name: s, key: {name: there, value: v}}'
    const check = await run(world, { files: play(tasks), check: true })
    expect(check.ends).toEqual(['o a changed', 'n a unknown', 's a ok'])
    const last = check.events.filter(event => event.type === 'host.end').at(-1)
    expect(last).toMatchObject({ assumed: expect.stringContaining('opaque') })
  })

  test('check_mode: false really runs, and says so', async () => {
    const world = new World()
    const check = await run(world, {
      files: play('- {name: s, check_mode: false, key: {name: k, value: v}}'),
      check: true,
    })
    expect(world.store('a').get('k')).toBe('v')
    expect(check.events.find(event => event.type === 'host.end')).toMatchObject({ ranInCheck: true })
  })

  test('check_mode: true only predicts, in a run too', async () => {
    const world = new World()
    await run(world, { files: play('- {name: s, check_mode: true, key: {name: k, value: v}}') })
    expect(world.steps).toEqual([])
  })

  test("questions to and changes on another host are that host's", async () => {
    const world = new World()
    const tasks = '- {name: s, key: {name: k, value: v, on: b}}\n- {name: t, key: {name: k, value: v, on: b}}'
    expect((await run(world, { files: play(tasks), check: true })).ends).toEqual(['s a changed', 't a ok'])
    await run(world, { files: play(tasks) })
    expect(world.store('b').get('k')).toBe('v')
  })
})
