import { describe, expect, test } from 'vitest'
import { type Files, mistakes, tasks } from './project-of.ts'

const wherever = 'define it in the inventory, in `vars`, or by -e; or guard it with `default`'
const some = 'define it for them, or add a `when`'

describe('a name that nobody defines', () => {
  test.each<[string, string]>([
    ['- debug: {msg: "{{x}}"}', `undefined-variable site.yml:3:23 'x' is not defined [${wherever}]`],
    ['- debug: {msg: "a {{ b.c }}"}', `undefined-variable site.yml:3:26 'b.c' is not defined [${wherever}]`],
    [
      '- debug:\n    msg: |\n      one\n      two {{x}}',
      `undefined-variable site.yml:6:17 'x' is not defined [${wherever}]`,
    ],
    ['- debug: {msg: 1}\n  when: x == 1', `undefined-variable site.yml:4:13 'x' is not defined [${wherever}]`],
    [
      '- debug: {msg: 1}\n  when: x\n  loop: "{{xs}}"',
      `undefined-variable site.yml:5:16 'xs' is not defined [${wherever}]`,
    ],
    [
      '- debug: {msg: "{{item}}"}',
      "undefined-variable site.yml:3:23 'item' is not defined [`item` exists only in a task with a `loop`]",
    ],
    [
      '- debug: {msg: "{{thng}}"}\n  vars: {thing: 1}',
      "undefined-variable site.yml:3:23 'thng' is not defined [did you mean 'thing'?]",
    ],
    [
      '- debug: {msg: "{{ansible_hostname}}"}',
      "undefined-variable site.yml:3:23 'ansible_hostname' is not defined [facts are written ansible_facts.hostname]",
    ],
    ['- assert: {that: "y > 1"}', `undefined-variable site.yml:3:23 'y' is not defined [${wherever}]`],
    ['- debug: {msg: 1}\n  become_user: "{{u}}"', `undefined-variable site.yml:4:23 'u' is not defined [${wherever}]`],
    [
      '- debug: {msg: 1}\n  environment: {A: "{{e}}"}',
      `undefined-variable site.yml:4:27 'e' is not defined [${wherever}]`,
    ],
    ['- template: {src: a.j2, dest: /x}', `undefined-variable templates/a.j2:2:8 'who' is not defined [${wherever}]`],
    [
      '- debug: {msg: "{{cfg.b}}"}\n  vars: {cfg: {a: 1}}',
      `undefined-variable site.yml:3:23 'cfg.b' is not defined [${wherever}]`,
    ],
    [
      '- debug: {msg: "{{a}}"}\n  vars: {a: "{{b}}", b: "{{c}}"}',
      `undefined-variable site.yml:4:32 'c' is not defined [${wherever}]`,
    ],
  ])('%j', (text, expected) => {
    const found = mistakes({ 'site.yml': tasks(text), 'templates/a.j2': 'hello\nyou, {{who}}\n' })
    expect(found).toContain(expected)
  })
})

describe('no mistake', () => {
  test.each<[string]>([
    ['- debug: {msg: "{{default x 1}}"}'],
    ['- debug: {msg: "{{x}}"}\n  when: has(x)'],
    ['- block:\n    - debug: {msg: "{{x}}"}\n  when: has(x)'],
    ['- debug: {msg: "{{item}} {{i}}"}\n  loop: [1]\n  loop_control: {index_var: i}'],
    ['- command: ls\n  register: r\n  until: r.rc == 0\n  failed_when: r.rc > 1'],
    ['- debug: {msg: "{{r.stdout}}"}\n- command: ls\n  register: r'],
    ['- set_fact: {f: 1}\n- debug: {msg: "{{f}}"}'],
    ['- include_vars: more.yml\n- debug: {msg: "{{m}}"}'],
    ['- include_vars: {file: more.yml, name: into}\n- debug: {msg: "{{into.m}}"}'],
    ['- include_tasks: "{{ansible_facts.os_family}}.yml"\n- debug: {msg: "{{anything}}"}'],
    [
      '- debug: {msg: "{{inventory_hostname}} {{groups.web}} {{hostvars.w1}} {{ansible_facts.hostname}} {{omit}} {{playbook_dir}} {{run_id}}"}\n  when: "!check_mode && !ansible_check_mode"',
    ],
    ['- debug: {msg: "{{e}}"}'],
    ['- debug: {msg: "{{a}}"}\n  vars: {a: "{{item}}"}\n  loop: [1]'],
    ['- debug: {msg: "{{cfg.a}}"}\n  vars: {cfg: {a: 1}}'],
    ['- debug: {msg: "{{#each list}}{{this}} {{@index}}{{/each}}"}\n  vars: {list: [1]}'],
    ['- debug: {msg: "{{unused}}"}\n  vars: {unused: 1, other: "{{nobody_reads_this}}"}'],
    ['- debug: {msg: "{{cfg.x.y}}"}\n  vars: {cfg: "{{default z 1}}"}'],
  ])('%j', text => {
    expect(mistakes({ 'site.yml': tasks(text), 'more.yml': 'm: 1\n' }, { extraVars: ['e=1'] })).toEqual([])
  })
})

describe('a name that only some hosts have', () => {
  const files: Files = { 'inventory/host_vars/w1.yml': 'v: 1\n', 'inventory/group_vars/db.yml': 'v: 2\n' }
  test('is a mistake without a condition, and names the others', () => {
    expect(mistakes({ ...files, 'site.yml': tasks('- debug: {msg: "{{v}}"}') })).toEqual([
      `undefined-variable site.yml:3:23 'v' is not defined on w2 [${some}]`,
    ])
  })
  test.each(['when: inventory_hostname != "w2"', 'run_once: true'])('%s: is none', keyword => {
    expect(mistakes({ ...files, 'site.yml': tasks(`- debug: {msg: "{{v}}"}\n  ${keyword}`) })).toEqual([])
  })
  test('is none where --limit leaves those that have it', () => {
    expect(mistakes({ ...files, 'site.yml': tasks('- debug: {msg: "{{v}}"}') }, { limit: '!w2' })).toEqual([])
  })
  test('is looked for behind other variables, host by host', () => {
    const more = { ...files, 'inventory/group_vars/all.yml': 'text: "value {{v}}"\n' }
    expect(mistakes({ ...more, 'site.yml': tasks('- debug: {msg: "{{text}}"}') })).toEqual([
      `undefined-variable inventory/group_vars/all.yml:1:16 'v' is not defined on w2 [${some}]`,
    ])
  })
})

describe('variables that come back to themselves', () => {
  test.each<[string, string]>([
    [
      '- debug: {msg: "{{x}}"}\n  vars: {x: "{{x}}"}',
      "variable-loop site.yml:4:20 the variable 'x' is defined by itself: x → x",
    ],
    [
      '- debug: {msg: "{{x}}"}\n  vars: {x: "{{y}}", y: "{{default x 1}}"}',
      "variable-loop site.yml:4:40 the variable 'x' is defined by itself: x → y → x",
    ],
  ])('%j', (text, expected) => {
    expect(mistakes({ 'site.yml': tasks(text) })).toEqual([
      `${expected} [give one of them a plain value, or another name]`,
    ])
  })
  test('are none where something stronger has a plain value', () => {
    expect(
      mistakes({ 'site.yml': tasks('- debug: {msg: "{{x}}"}\n  vars: {x: "{{x}}"}') }, { extraVars: ['x=1'] }),
    ).toEqual([])
  })
})

test('registers of a play are there in the next', () => {
  const two =
    '- hosts: all\n  tasks:\n    - command: ls\n      register: r\n- hosts: all\n  tasks:\n    - debug: {msg: "{{r.rc}}"}\n'
  expect(mistakes({ 'site.yml': two })).toEqual([])
})

test('a play without hosts is not checked for variables', () => {
  expect(mistakes({ 'inventory/hosts.yml': 'web:\n', 'site.yml': tasks('- debug: {msg: "{{x}}"}') })).toEqual([])
})

test('what a host is reached by is checked without any task', () => {
  const hosts =
    'web:\n  vars: {ansible_host: "{{ip}}", user: "{{default u 1}}"}\n  hosts:\n    w1: {ip: 10.0.0.1}\n    w2:\n'
  expect(mistakes({ 'inventory/hosts.yml': hosts, 'site.yml': '- hosts: all\n' })).toEqual([
    `undefined-variable inventory/hosts.yml:2:27 'ip' is not defined [${wherever}]`,
  ])
})
