import { describe, expect, test } from 'vitest'
import { World } from './memory.ts'
import { run, said } from './run.ts'

const play = (tasks: string, more = '') => `- hosts: a,b\n${more}  tasks:\n${tasks.replace(/^/gm, '    ')}\n`

describe('includes', () => {
  test('a static one, with its when and vars', async () => {
    const files = {
      'site.yml': play('- include_tasks: more.yml\n  when: inventory_hostname == "b"\n  vars: {v: 1}'),
      'more.yml': '- {name: in, debug: {msg: "{{v}}"}}\n',
    }
    expect((await run(new World(), { files })).ends).toEqual(['in b ok'])
  })

  test('a name that only the run knows, with a loop; hosts with one name go together', async () => {
    const files = {
      'site.yml': play('- include_tasks: "{{item}}.yml"\n  loop: [x, y]'),
      'x.yml': '- {name: x, debug: {msg: "{{item}}"}}\n',
      'y.yml': '- {name: y, key: {name: "k_{{item}}", value: v}}\n',
    }
    const ran = await run(new World(), { files })
    expect(ran.ends).toEqual(['x a ok', 'x b ok', 'y a changed', 'y b changed'])
    expect(said(ran, 'a')).toEqual(['x'])
  })

  test('a file that is not there fails the host with its place', async () => {
    const files = {
      'site.yml': play('- include_tasks: "{{inventory_hostname}}.yml"'),
      'a.yml': '- {name: in, debug: {msg: x}}\n',
    }
    const ran = await run(new World(), { files })
    expect(ran.ends).toEqual(['include_tasks b failed', 'in a ok'])
    expect(ran.result.exit).toBe(2)
  })

  test('include_vars brings variables to what follows', async () => {
    const files = {
      'site.yml': play('- include_vars: "{{inventory_hostname}}.yml"\n- debug: {msg: "{{v}}"}'),
      'a.yml': 'v: one\n',
      'b.yml': 'v: two\n',
    }
    const ran = await run(new World(), { files })
    expect([said(ran, 'a'), said(ran, 'b')]).toEqual([['one'], ['two']])
  })

  test('include_vars that fails may be ignored, and tells a rescue what failed', async () => {
    const files = {
      'site.yml': play(
        '- {include_vars: "{{inventory_hostname}}-none.yml", ignore_errors: true}\n- debug: {msg: on}\n- block: [include_vars: "{{inventory_hostname}}.yml"]\n  rescue: [debug: {msg: "{{ansible_failed_task.action}}"}]',
      ),
      'b.yml': 'v: one\n',
    }
    const ran = await run(new World(), { files })
    expect([said(ran, 'a'), said(ran, 'b')]).toEqual([['on', 'include_vars'], ['on']])
    expect(ran.result.exit).toBe(0)
  })

  test('a role: defaults, vars, tasks, handlers; import_role and include_role', async () => {
    const role = {
      'roles/r/defaults/main.yml': 'v: default\nw: default\n',
      'roles/r/vars/main.yml': 'w: role\n',
      'roles/r/tasks/main.yml': '- {name: t, key: {name: "{{v}}", value: "{{w}}"}, notify: h}\n',
      'roles/r/handlers/main.yml': '- {name: h, debug: {msg: "{{v}} {{w}} {{role_name}}"}}\n',
    }
    const plain = await run(new World(), {
      files: { ...role, 'site.yml': '- hosts: a\n  vars: {v: play}\n  roles: [r]\n' },
    })
    expect(plain.ends).toEqual(['t a changed', 'h a ok'])
    expect(said(plain, 'a')).toEqual(['play role r'])
    for (const how of ['import_role', 'include_role']) {
      const files = { ...role, 'site.yml': `- hosts: a\n  tasks: [{${how}: {name: r}, vars: {v: given}}]\n` }
      expect(said(await run(new World(), { files }), 'a')).toEqual(['given role r'])
    }
  })
})

describe('failures that spread', () => {
  const failing = '- {name: f, fail: {msg: no}, when: inventory_hostname == "a"}\n- {name: after, debug: {msg: x}}'
  test.each([
    ['no more than they must', '', ['f a failed', 'f b skipped', 'after b ok']],
    ['any_errors_fatal', '  any_errors_fatal: true\n', ['f a failed', 'f b skipped']],
    ['max_fail_percentage reached', '  max_fail_percentage: 40\n', ['f a failed', 'f b skipped']],
    ['max_fail_percentage not reached', '  max_fail_percentage: 50\n', ['f a failed', 'f b skipped', 'after b ok']],
  ])('%s', async (_, more, ends) => {
    const ran = await run(new World(), { files: { 'site.yml': play(failing, more) } })
    expect([...ran.ends].sort()).toEqual([...ends].sort())
  })

  test('a failed host stays out of the next play', async () => {
    const files = { 'site.yml': `${play(failing)}${play('- {name: next, debug: {msg: x}}')}` }
    expect((await run(new World(), { files })).ends.filter(end => end.startsWith('next'))).toEqual(['next b ok'])
  })

  test('end_play ends it for all, end_host for one', async () => {
    const files = {
      'site.yml': play(
        '- meta: end_host\n  when: inventory_hostname == "a"\n- {name: t, debug: {msg: x}}\n- meta: end_play\n- {name: u, debug: {msg: x}}',
      ),
    }
    expect((await run(new World(), { files })).ends).toEqual(['t b ok'])
  })
})
