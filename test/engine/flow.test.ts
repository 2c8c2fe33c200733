import { describe, expect, test } from 'vitest'
import { World } from './memory.ts'
import { run, said } from './run.ts'

const play = (tasks: string, more = '') => ({
  'site.yml': `- hosts: a\n${more}  tasks:\n${tasks.replace(/^/gm, '    ')}\n`,
})

const cases: readonly [title: string, tasks: string, ends: readonly string[]][] = [
  [
    'a changed task, then an equal one',
    '- {name: s, key: {name: k, value: v}}\n- {name: t, key: {name: k, value: v}}',
    ['s a changed', 't a ok'],
  ],
  ['when false skips', '- {name: s, when: "1 > 2", key: {name: k, value: v}}', ['s a skipped']],
  ['when list: all must hold', '- {name: s, when: ["true", "false"], key: {name: k, value: v}}', ['s a skipped']],
  ['a failure ends the host', '- {name: f, fail: {msg: no}}\n- {name: s, key: {name: k, value: v}}', ['f a failed']],
  [
    'ignore_errors goes on',
    '- {name: f, ignore_errors: true, fail: {msg: no}}\n- {name: s, key: {name: k, value: v}}',
    ['f a failed ignored', 's a changed'],
  ],
  [
    'register and when',
    '- {name: s, register: r, key: {name: k, value: v}}\n- {name: t, when: r.changed, debug: {msg: hi}}',
    ['s a changed', 't a ok'],
  ],
  ['changed_when false', '- {name: s, changed_when: "false", key: {name: k, value: v}}', ['s a ok']],
  ['failed_when true', '- {name: s, failed_when: "true", key: {name: k, value: v}}', ['s a failed']],
  ['failed_when false mends', '- {name: f, failed_when: "false", key: {name: fail, value: x}}', ['f a ok']],
  [
    'a loop, item by item',
    '- {name: s, loop: [x, y], key: {name: "{{item}}", value: v}}',
    ['s[x] a changed', 's[y] a changed'],
  ],
  ['an empty loop', '- {name: s, loop: [], key: {name: "{{item}}", value: v}}', ['s a skipped']],
  ['assert holds', '- {name: s, assert: {that: ["1 < 2", "size(groups.all) == 3"]}}', ['s a ok']],
  ['assert breaks', '- {name: s, assert: {that: ["1 > 2"], fail_msg: wrong}}', ['s a failed']],
  [
    'rescue and always',
    '- block: [{name: f, fail: {msg: no}}, {name: not, debug: {msg: x}}]\n  rescue: [{name: r, debug: {msg: "{{ansible_failed_result.msg}}"}}]\n  always: [{name: w, debug: {msg: y}}]\n- {name: after, debug: {msg: z}}',
    ['f a failed', 'r a ok', 'w a ok', 'after a ok'],
  ],
  [
    'always without rescue: the host stays failed',
    '- block: [{name: f, fail: {msg: no}}]\n  always: [{name: w, debug: {msg: y}}]\n- {name: after, debug: {msg: z}}',
    ['f a failed', 'w a ok'],
  ],
  ['meta: end_host', '- {name: s, debug: {msg: x}}\n- meta: end_host\n- {name: t, debug: {msg: y}}', ['s a ok']],
]

describe('the flow of tasks', () => {
  test.each(cases)('%s', async (_, tasks, ends) => {
    expect((await run(new World(), { files: play(tasks) })).ends).toEqual(ends)
  })

  test('debug shows what was asked for by enough -v', async () => {
    const files = play('- {name: s, debug: {msg: x, verbosity: 2}}')
    expect((await run(new World(), { files, verbosity: 1 })).ends).toEqual(['s a skipped'])
    expect((await run(new World(), { files, verbosity: 2 })).ends).toEqual(['s a ok'])
  })

  test('each of results tells its item', async () => {
    const loop = '- {register: r, loop: [x, y], loop_control: {index_var: i}, key: {name: "{{item}}", value: v}}'
    const tasks = `${loop}\n- debug: {msg: "{{r.results.[1].item}} {{r.results.[1].i}} {{r.results.[0].ansible_loop_var}}"}`
    expect(said(await run(new World(), { files: play(tasks) }), 'a')).toEqual(['y 1 item'])
  })

  test("a delegated task speaks of its own host's facts", async () => {
    const world = new World()
    world.store('a').set('color', 'red')
    world.store('b').set('color', 'blue')
    const tasks = '- {delegate_to: b, key: {name: k, value: "{{ansible_facts.color}}"}}'
    const { ends } = await run(world, { files: play(tasks) })
    expect(ends).toEqual(['key a changed'])
    expect([world.store('b').get('k'), world.store('a').get('k')]).toEqual(['red', undefined])
  })

  test('a rescued failure is no failure of the run', async () => {
    const tasks = '- block: [{fail: {msg: no}}]\n  rescue: [{debug: {msg: x}}]'
    const { result } = await run(new World(), { files: play(tasks) })
    expect(result).toMatchObject({ exit: 0, hosts: { a: { failed: 0, rescued: 1 } } })
  })

  test('until tries again, and gives up with what did not come true', async () => {
    const tasks =
      '- {name: s, register: r, until: "r.changed", retries: 2, delay: 0, key: {name: k, value: v}}\n- {name: t, register: q, until: "q.changed", retries: 2, delay: 0, key: {name: k, value: v}}'
    const ran = await run(new World(), { files: play(tasks) })
    expect(ran.ends).toEqual(['s a changed', 't a failed'])
    expect(ran.events.filter(event => event.type === 'host.retry')).toHaveLength(2)
    expect(ran.events.find(event => event.type === 'host.end' && event.status === 'failed')).toMatchObject({
      diagnostic: { code: 'wait-timeout', message: expect.stringContaining('q.changed') },
    })
  })

  test('set_fact is stronger than play vars, -e is stronger than set_fact', async () => {
    const tasks = '- set_fact: {v: fact}\n- debug: {msg: "{{v}}"}'
    const vars = '  vars: {v: play}\n'
    expect(said(await run(new World(), { files: play(tasks, vars) }), 'a')).toEqual(['fact'])
    expect(said(await run(new World(), { files: play(tasks, vars), extra: ['v=extra'] }), 'a')).toEqual(['extra'])
  })

  test("what a host said is never compiled, not even as a variable's value", async () => {
    const world = new World()
    world.store('a').set('k', '{{inventory_hostname}}')
    const tasks = '- {register: r, key: {name: k, value: v}}\n- set_fact: {x: "{{r.before}}"}\n- debug: {msg: "{{x}}"}'
    expect(said(await run(world, { files: play(tasks) }), 'a')).toEqual(['{{inventory_hostname}}'])
  })

  test('no_log hides diff, result and what failed', async () => {
    const tasks =
      '- {name: s, no_log: true, key: {name: k, value: "{{c}}"}}\n- {name: f, no_log: true, fail: {msg: "{{c}}"}}'
    const ran = await run(new World(), { files: play(tasks), extra: ['c=canary'] })
    expect(ran.ends).toEqual(['s a changed', 'f a failed'])
    expect(JSON.stringify(ran.events)).not.toContain('canary')
  })
})

describe('handlers', () => {
  const files = (tasks: string) => ({
    'site.yml': `- hosts: a\n  tasks:\n${tasks.replace(/^/gm, '    ')}\n  handlers:\n    - {name: first, key: {name: h1, value: v}, notify: second}\n    - {name: second, listen: both, key: {name: h2, value: v}}\n`,
  })

  test('run once at the end, in the order they are written, when something changed', async () => {
    const tasks =
      '- {name: s, key: {name: k, value: v}, notify: first}\n- {name: t, key: {name: l, value: v}, notify: first}\n- {name: u, debug: {msg: x}}'
    const ran = await run(new World(), { files: files(tasks) })
    expect(ran.ends).toEqual(['s a changed', 't a changed', 'u a ok', 'first a changed', 'second a changed'])
  })

  test('do not run when nothing changed', async () => {
    const world = new World()
    world.store('a').set('k', 'v')
    const ran = await run(world, { files: files('- {name: s, key: {name: k, value: v}, notify: first}') })
    expect(ran.ends).toEqual(['s a ok'])
  })

  test('answer to what they listen to, and to flush_handlers', async () => {
    const tasks =
      '- {name: s, key: {name: k, value: v}, notify: both}\n- meta: flush_handlers\n- {name: t, debug: {msg: x}}'
    expect((await run(new World(), { files: files(tasks) })).ends).toEqual([
      's a changed',
      'second a changed',
      't a ok',
    ])
  })
})
