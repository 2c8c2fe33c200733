import { describe, expect, test } from 'vitest'
import { Mistake } from '../../src/core/diagnostic.ts'
import { staticValue } from '../../src/language/index.ts'
import type { Include, Included } from '../../src/playbook/model.ts'
import { type Files, load, mistakes, type Options, said, tasks } from './project-of.ts'

function include(text: string, files: Files = {}, options: Options = {}): Include {
  const [item] = load({ 'site.yml': tasks(text), ...files }, options).plays[0]!.sections[1]!
  if (item?.kind !== 'include') throw new Error('no include')
  return item
}

function late(work: () => Included): readonly string[] {
  try {
    work()
    return []
  } catch (error) {
    if (error instanceof Mistake) return said(error.diagnostics)
    throw error
  }
}

describe('import_tasks', () => {
  test('puts the tasks in its place, with its keywords', () => {
    const files = { 'more/a.yml': '- command: one\n- import_tasks: b.yml\n', 'more/b.yml': '- command: two' }
    const site = tasks('- import_tasks: more/a.yml\n  when: 1 == 1\n  tags: t\n  vars: {x: 1}\n- command: three')
    const items = load({ ...files, 'site.yml': site }).plays[0]!.sections[1]!
    const texts = items.map(item => item.kind === 'task' && staticValue(item.args))
    expect(texts).toEqual([{ cmd: 'one' }, { cmd: 'two' }, { cmd: 'three' }])
    expect(
      items.map(({ keywords }) => [keywords.when.length, keywords.tags, keywords.layers.map(({ rank }) => rank)]),
    ).toEqual([
      [1, ['t'], ['block vars']],
      [1, ['t'], ['block vars']],
      [0, [], []],
    ])
  })
  test.each<[string, Files, string]>([
    [
      '- import_tasks: nope.yml',
      { 'nop.yml': '' },
      "missing-file site.yml:3:21 import_tasks: there is no file 'nope.yml'; looked in . [did you mean 'nop.yml'?]",
    ],
    [
      '- import_tasks: a.yml',
      { 'a.yml': '- import_tasks: b.yml', 'b.yml': '- import_tasks: a.yml' },
      'include-loop b.yml:1:17 import_tasks: the file comes back to itself: a.yml → b.yml → a.yml [use a `loop`, or `until`]',
    ],
    [
      '- import_tasks: "{{x}}.yml"',
      {},
      "wrong-value site.yml:3:21 'file' is read before anything runs and cannot hold a template [write the text itself]",
    ],
    [
      '- import_tasks: a.yml\n  loop: [1]',
      { 'a.yml': '' },
      "unknown-key site.yml:4:7 'import_tasks' has no key 'loop'",
    ],
    [
      '- import_tasks: a.yml',
      { 'a.yml': 'x: 1' },
      'wrong-type a.yml:1:1 tasks are a list [begin each task with a dash: `- name: …`]',
    ],
    [
      '- import_tasks: {fil: a.yml}',
      {},
      "unknown-key site.yml:3:22 'import_tasks' has no key 'fil' [did you mean 'file'?]",
    ],
  ])('%j', (text, files, expected) => {
    expect(mistakes({ 'site.yml': tasks(text), ...files })[0]).toContain(expected)
  })
})

describe('include_tasks', () => {
  test('by a plain name is read at once, and stays an include', () => {
    const item = include('- include_tasks: a.yml\n  when: 1 == 1\n  vars: {x: 1}', { 'a.yml': '- command: one' })
    expect(item).toMatchObject({ what: 'tasks', constant: 'a.yml' })
    const [task] = item.load('a.yml').items
    expect(task).toMatchObject({ kind: 'task', module: 'command' })
    expect([item.keywords.when.length, task!.keywords.when.length]).toEqual([1, 0])
    expect(task!.keywords.layers.map(({ rank }) => rank)).toEqual(['block vars'])
  })
  test('what `apply` says goes to what it brings', () => {
    const item = include('- include_tasks: {file: a.yml, apply: {become: true, tags: [t]}}', {
      'a.yml': '- command: one',
    })
    expect(item.load('a.yml').items[0]!.keywords).toMatchObject({ become: true, tags: ['t'] })
    expect(item.keywords).not.toHaveProperty('become')
  })
  test('mistakes in it are found before anything runs', () => {
    expect(
      mistakes({ 'site.yml': tasks('- include_tasks: a.yml'), 'a.yml': '- comand: x\n- command: "{{nope}}"' }),
    ).toHaveLength(2)
  })
  test('the variable of its loop is seen inside', () => {
    const text = '- include_tasks: a.yml\n  loop: [1]\n  loop_control: {loop_var: one}'
    expect(mistakes({ 'site.yml': tasks(text), 'a.yml': '- command: "{{one}}"' })).toEqual([])
  })
  test('a file that includes itself needs a condition', () => {
    expect(mistakes({ 'site.yml': tasks('- include_tasks: a.yml'), 'a.yml': '- include_tasks: a.yml' })[0]).toContain(
      'include-loop',
    )
    expect(
      mistakes({ 'site.yml': tasks('- include_tasks: a.yml'), 'a.yml': '- include_tasks: a.yml\n  when: has(x)' }),
    ).toEqual([])
  })
})

describe('an include by a template', () => {
  const text = '- include_tasks: "{{which}}.yml"\n  vars: {which: a}'
  test('is read when its name is known', () => {
    const item = include(text, { 'a.yml': '- command: one', 'b.yml': '- command: two' })
    expect(item.constant).toBeUndefined()
    expect(item.load('b.yml').items).toMatchObject([{ module: 'command' }])
    expect(item.load('b.yml').items[0]).toBe(item.load('b.yml').items[0])
  })
  test('all mistakes of what it brings are thrown together, with their places', () => {
    const item = include(text, { 'a.yml': '- comand: one\n- command: ls\n  whn: x\n' })
    expect(late(() => item.load('a.yml'))).toEqual([
      "unknown-module a.yml:1:3 there is no module 'comand' [did you mean 'command'?]",
      "unknown-key a.yml:3:3 a task has no key 'whn' [did you mean 'when'?]",
    ])
  })
  test('a file that is no YAML is told, too', () => {
    expect(late(() => include(text, { 'a.yml': '- a: [' }).load('a.yml'))[0]).toContain('yaml-syntax a.yml:1:')
  })
  test('a file that is not there is told at the include', () => {
    expect(late(() => include(text).load('zz.yml'))).toEqual([
      "missing-file site.yml:3:22 include_tasks: there is no file 'zz.yml'; looked in . [names are relative to the file they stand in]",
    ])
  })
  test('tags select in it, too', () => {
    const item = include(
      `${text}\n  tags: always`,
      { 'a.yml': '- {command: one, tags: x}\n- {command: two, tags: y}' },
      { tags: ['x'] },
    )
    expect(item.load('a.yml').items).toHaveLength(1)
  })
  test('a role by a template', () => {
    const item = include('- include_role: {name: "{{r}}"}\n  vars: {r: a}', {
      'roles/a/tasks/main.yml': '- command: one',
      'roles/a/handlers/main.yml': '- {name: h, command: x}',
    })
    expect(item.load('a')).toMatchObject({
      items: [{ module: 'command', role: { name: 'a' } }],
      handlers: [{ address: 'a : h' }],
    })
  })
})

describe('include_vars', () => {
  test('gives a layer', () => {
    expect(include('- include_vars: v.yml', { 'v.yml': 'a: 1' }).load('v.yml').vars).toMatchObject({
      rank: 'include_vars',
      origin: 'v.yml',
    })
  })
  test.each<[string, string]>([
    [
      '- include_vars: nope.yml',
      "missing-file site.yml:3:21 there is no file of variables 'nope.yml'; looked in ., vars",
    ],
    ['- include_vars: bad.yml', "wrong-value bad.yml:1:1 'a-b' cannot be the name of a variable"],
  ])('%j', (text, expected) => {
    expect(mistakes({ 'site.yml': tasks(text), 'bad.yml': 'a-b: 1' })[0]).toContain(expected)
  })
})
