import { describe, expect, test } from 'vitest'
import { place } from '../../src/core/span.ts'
import { staticValue } from '../../src/language/index.ts'
import type { Item, Task } from '../../src/playbook/model.ts'
import { type Files, load, mistakes, tasks } from './project-of.ts'

function loaded(text: string, files: Files = {}): readonly Item[] {
  return load({ 'site.yml': tasks(text), ...files }).plays[0]!.sections[1]!
}

function only(text: string, files: Files = {}): Task {
  const [item] = loaded(text, files)
  if (item?.kind !== 'task') throw new Error('no task')
  return item
}

describe('one mistake each', () => {
  test.each<[string, string]>([
    ['- comand: uptime', "unknown-module site.yml:3:7 there is no module 'comand' [did you mean 'command'?]"],
    [
      '- frobnicate: {a: 1}',
      "unknown-module site.yml:3:7 there is no module 'frobnicate' [`pitool doc` lists the modules]",
    ],
    [
      '- import_task: x.yml',
      "unknown-module site.yml:3:7 there is no module 'import_task' [did you mean 'import_tasks'?]",
    ],
    ['- name: nothing', 'missing-key site.yml:3:7 a task needs a module [add the module: `command: uptime`]'],
    ['- command: ls\n  whn: true', "unknown-key site.yml:4:7 a task has no key 'whn' [did you mean 'when'?]"],
    [
      '- command: ls\n  copy: {dest: /a, content: b}',
      "conflicting site.yml:4:7 a task does one thing: 'command' or 'copy' [write two tasks, or a block]",
    ],
    [
      '- command: ls\n  with_items: [1]',
      "unknown-key site.yml:4:7 a task has no key 'with_items' [write `loop:` with a list, or a template that gives one]",
    ],
    [
      '- debug: {msg: x}\n  readonly: true',
      "unknown-key site.yml:4:7 'debug' has no 'readonly' [it belongs to command and shell: what they run only looks]",
    ],
    [
      '- command: {cmd: ls, readonly: true}\n  readonly: true',
      "duplicate-key site.yml:4:7 'readonly' is given to 'command' twice [keep one of them]",
    ],
    ['- command: ls\n  sudo: true', "unknown-key site.yml:4:7 a task has no key 'sudo' [write `become: true`]"],
    [
      '- action: command ls',
      "unknown-key site.yml:3:7 a task has no key 'action' [write the module itself as the key: `copy:` and its arguments]",
    ],
    [
      '- local_action: command ls',
      "unknown-key site.yml:3:7 a task has no key 'local_action' [write the module as the key, and `delegate_to: localhost`]",
    ],
    [
      '- command: ls\n  become: yes',
      "wrong-type site.yml:4:15 'become' must be true or false, not a text (yes) [write true]",
    ],
    [
      '- command: ls\n  register: my-result',
      "wrong-value site.yml:4:17 'my-result' cannot be the name of a variable [letters, digits and _ only, not beginning with a digit]",
    ],
    [
      '- command: ls\n  when: 1',
      "wrong-type site.yml:4:13 'when' must be an expression, not a number (1) [for example: size(groups.workers) > 0]",
    ],
    [
      '- command: ls\n  loop: things',
      'wrong-type site.yml:4:13 \'loop\' must be a list, not a text (things) [for a variable write "{{things}}"]',
    ],
    [
      '- command: ls\n  loop_control: {label: x}',
      "missing-key site.yml:4:7 'loop_control' without a 'loop' [add `loop:`, or take it out]",
    ],
    [
      '- command: ls\n  loop: [1]\n  loop_control: {lable: x}',
      "unknown-key site.yml:5:22 'loop_control' has no key 'lable' [did you mean 'label'?]",
    ],
    [
      '- command: ls\n  delay: 3',
      "missing-key site.yml:4:7 'delay' without 'until' or 'retries' [add `until:`, or take it out]",
    ],
    [
      '- command: ls\n  retries: three',
      "wrong-type site.yml:4:16 'retries' must be a whole number of at least 0, not a text (three)",
    ],
    [
      '- command: ls\n  become_method: runas',
      "wrong-value site.yml:4:22 'become_method' must be sudo or su or doas, not a text (runas)",
    ],
    [
      '- command: ls\n  listen: x',
      "unknown-key site.yml:4:7 only a handler has 'listen' [move the task to `handlers:`]",
    ],
    ['- command: ls\n  vars: [a]', "wrong-type site.yml:4:13 'vars' must be a map of variables, not a list"],
    [
      '- command: ls\n  tags: "{{x}}"',
      "wrong-value site.yml:4:13 'tags' is read before anything runs and cannot hold a template [write the text itself]",
    ],
    [
      '- command: ls\n  notify: restart',
      "unknown-handler site.yml:4:15 there is no handler 'restart' [the play has no handlers]",
    ],
    [
      '- command: ls\n  delegate_to: w3',
      "unknown-host site.yml:4:20 delegate_to: there is no host 'w3' in the inventory [add it to the inventory]",
    ],
    [
      '- command: ls\n  delegate_to: db',
      'unknown-host site.yml:4:20 delegate_to: there is no host \'db\' in the inventory [it is a group: write "{{groups.db.[0]}}" for its first host]',
    ],
    ['- command: {}', "missing-key site.yml:3:7 'command' needs 'cmd' or 'argv'"],
    ['- command:\n    cmd: ls\n    argv: [ls]', "conflicting site.yml:3:7 'command' takes only one of 'cmd', 'argv'"],
    ['- command: ls\n  args: {chdr: /}', "unknown-key site.yml:4:14 'command' has no 'chdr' [did you mean 'chdir'?]"],
    [
      '- command: ls\n  args: {cmd: ls}',
      "duplicate-key site.yml:4:14 'cmd' is given to 'command' twice [keep one of them]",
    ],
    [
      '- copy: {dest: /x, content: a, mode: 0644}',
      "wrong-type site.yml:3:42 'mode' must be a text, not a number [a mode is a text in quotes, such as '0644']",
    ],
    [
      '- copy: {dest: /x, content: a, mode: 0o644}',
      "wrong-type site.yml:3:42 'mode' must be a text, not a number [a mode is a text in quotes, such as '0644']",
    ],
    [
      '- copy: dest=/x content=a',
      "wrong-type site.yml:3:13 'copy' takes a map of arguments, not a text [write each on a line of its own: `name: value`]",
    ],
    ['- copy: {dest: "x{{a", content: a}', 'template-syntax site.yml:3:'],
    [
      '- copy: {dest: /x, src: nope.txt}',
      "missing-file site.yml:3:29 there is no file 'nope.txt'; looked in files, . [did you mean 'note.txt'?]",
    ],
    [
      '- service: {name: a, state: startd}',
      "wrong-value site.yml:3:33 'state' must be started, stopped or restarted, not 'startd' [did you mean 'started'?]",
    ],
    [
      '- service: {name: a, enabled: on}',
      "wrong-type site.yml:3:35 'enabled' must be true or false, not a text [write true]",
    ],
    [
      '- service: {name: a, wait: "8"}',
      "wrong-type site.yml:3:32 'wait' must be a whole number, not a text [take the quotes away]",
    ],
    [
      '- meta: flush',
      "wrong-value site.yml:3:13 'meta' must be flush_handlers or end_play or end_host or clear_host_errors or noop, not a text (flush)",
    ],
    [
      '- block: []\n  command: ls',
      "conflicting site.yml:4:7 a task does one thing: 'block' or 'command' [write two tasks, or a block]",
    ],
    [
      '- block:\n    - command: ls\n  rescu: []',
      "unknown-key site.yml:5:7 'block' has no key 'rescu' [did you mean 'rescue'?]",
    ],
    ['- set_fact: {a-b: 1}', "wrong-value site.yml:3:18 'a-b' cannot be the name of a variable"],
    ['- ls', 'wrong-type site.yml:3:7 a task must be a map of keys, not a single value'],
    ['- debug: {var: "{{x}}"}', 'jinja-habit site.yml:3:21'],
  ])('%j', (text, expected) => {
    const got = mistakes({ 'site.yml': tasks(text), 'files/note.txt': '' })
    expect(got).toHaveLength(1)
    expect(got[0]).toContain(expected)
  })

  test('all of a file are told at once', () => {
    const text = tasks(
      '- comand: a\n- command: a\n  whn: 1\n- copy: {dest: x}\n- copy: {dest: /x, mode: 0644, content: "{{ a"}\n',
    )
    expect(mistakes({ 'site.yml': text })).toHaveLength(5)
  })
})

test('an argument has the other names that Ansible knows', () => {
  const args = staticValue(only('- link: {dest: /a}').args)
  expect(args).toEqual({ path: '/a' })
  expect(mistakes({ 'site.yml': tasks('- link: {path: /a, dest: /b}') })).toEqual([
    "duplicate-key site.yml:3:24 'path' is given to 'link' twice [keep one of them]",
  ])
})

test('readonly stands beside the command as well as in it', () => {
  for (const text of ['- command: ls\n  readonly: true', '- command: {cmd: ls, readonly: true}']) {
    expect(staticValue(only(text).args)).toEqual({ cmd: 'ls', readonly: true })
  }
})

describe('what is read', () => {
  test('a task', () => {
    const task = only(
      '- name: say hello\n  command: echo hi\n  become: true\n  register: out\n  tags: [a, "b,c"]\n  retries: 2',
    )
    expect(task).toMatchObject({
      module: 'command',
      register: 'out',
      until: { retries: 2, delay: 5 },
      keywords: { become: true, tags: ['a', 'b', 'c'] },
    })
    expect(staticValue(task.args)).toEqual({ cmd: 'echo hi' })
    expect(place(task.span)).toBe('site.yml:3:7')
  })
  test.each(['command', 'ansible.builtin.command'])('%s is the same module', name =>
    expect(only(`- ${name}: ls`).module).toBe('command'),
  )
  test('args joins the free form', () => {
    expect(staticValue(only('- command: ls\n  args: {chdir: /tmp}').args)).toEqual({ cmd: 'ls', chdir: '/tmp' })
  })
  test('until', () =>
    expect(only('- command: ls\n  register: r\n  until: r.rc == 0').until).toMatchObject({ retries: 3, delay: 5 }))
  test('a condition may be true, a text or a list', () => {
    const when = (text: string) => only(`- command: ls\n  when: ${text}`).keywords.when.map(one => one.text)
    expect(when('false')).toEqual(['false'])
    expect(when('[1 == 1, true]')).toEqual(['1 == 1', 'true'])
  })
  test('conditions of assert are expressions, and plain text among the arguments', () => {
    const task = only('- assert:\n    that: [1 == 1, "2 == 2"]')
    expect(task.expressions.get('that')!.map(one => one.text)).toEqual(['1 == 1', '2 == 2'])
    expect(staticValue(task.args)).toEqual({ that: ['1 == 1', '2 == 2'] })
  })
  test('a loop', () => {
    expect(
      only(
        '- debug: {msg: "{{thing}} {{i}}"}\n  loop: [a, b]\n  loop_control: {loop_var: thing, index_var: i, pause: 0.5}',
      ).loop,
    ).toMatchObject({ loop_var: 'thing', index_var: 'i', pause: 0.5 })
  })
  test('!unsafe is never compiled', () => {
    expect(staticValue(only('- debug: {msg: !unsafe "{{ x | y }}"}').args)).toEqual({ msg: '{{ x | y }}' })
  })
  test('templates may stand where a number or truth value is wanted', () => {
    expect(
      only('- service: {name: a, enabled: "{{b}}", wait: "{{n}}", state: "{{s}}"}\n  vars: {b: true, n: 8, s: started}')
        .module,
    ).toBe('service')
  })
  test('a file that is there', () =>
    expect(only('- copy: {dest: /x, src: a.txt}', { 'files/a.txt': '' }).lookup.files[0]).toBe('/p/files'))
  test('a file on the host is not looked for', () =>
    expect(only('- copy: {dest: /x, src: nope, remote_src: true}').module).toBe('copy'))
})

describe('blocks', () => {
  test('hand their keywords down, and add up what adds up', () => {
    const [block] = loaded(`- name: outer
  become: true
  when: 1 == 1
  tags: a
  vars: {x: 1}
  environment: {A: b}
  block:
    - command: ls
      become: false
      when: 2 == 2
      tags: b
      vars: {x: 2}
      environment: {C: d}
  rescue:
    - command: ls
  always:
    - command: ls
`)
    if (block?.kind !== 'block') throw new Error('no block')
    const [task] = block.block
    if (task?.kind !== 'task') throw new Error('no task')
    const { become, when, tags, layers, environment } = task.keywords
    expect({ become, when: when.map(({ text }) => text), tags, environment: environment.map(staticValue) }).toEqual({
      become: false,
      when: ['1 == 1', '2 == 2'],
      tags: ['a', 'b'],
      environment: [{ A: 'b' }, { C: 'd' }],
    })
    expect(layers.map(({ rank, vars }) => [rank, staticValue(vars.get('x')!)])).toEqual([
      ['block vars', 1],
      ['task vars', 2],
    ])
    expect([block.rescue.length, block.always.length]).toEqual([1, 1])
  })
})

describe('handlers', () => {
  const play = (handlers: string, notify: string) =>
    `- hosts: all\n  tasks:\n    - command: ls\n      notify: ${notify}\n  handlers:\n${handlers.replace(/^(?=.)/gm, '    ')}`
  test.each<[string]>([['restart'], ['[restart, topic]'], ['"{{which}}"']])('notify: %s', notify => {
    const handlers = '- name: restart\n  listen: topic\n  command: ls\n'
    const extraVars = ['which=restart']
    const [got] = load({ 'site.yml': play(handlers, notify) }, { extraVars }).plays
    expect(got!.handlers).toMatchObject([{ address: 'restart', listen: ['topic'], module: 'command' }])
  })
  test.each<[string, string, string]>([
    [
      'a slip',
      '- name: restart\n  command: ls',
      "unknown-handler site.yml:4:15 there is no handler 'restrat' [did you mean 'restart'?]",
    ],
    ['no name', '- command: ls', 'missing-key site.yml:6:7 a handler needs a name [add `name:`, which tasks notify]'],
    [
      'a block',
      '- name: restart\n  block: [{command: ls}]',
      "not-supported site.yml:6:7 a handler is one task, not 'block'",
    ],
  ])('%s', (_, handlers, expected) => {
    expect(mistakes({ 'site.yml': play(handlers, 'restrat') })).toContainEqual(expect.stringContaining(expected))
  })
  test('of two with one name the later counts', () => {
    const [got] = load({ 'site.yml': play('- {name: a, command: one}\n- {name: a, command: two}\n', 'a') }).plays
    expect(got!.handlers.map(({ args }) => staticValue(args))).toEqual([{ cmd: 'two' }])
  })
})
