import { describe, expect, test } from 'vitest'
import { staticValue } from '../../src/language/index.ts'
import { resolveLookup } from '../../src/playbook/index.ts'
import type { Item, Task } from '../../src/playbook/model.ts'
import { visit } from '../../src/playbook/references.ts'
import { diskOf, type Files, load, mistakes, type Options } from './project-of.ts'

function tasksOf(items: readonly Item[]): readonly Task[] {
  return [...visit(items)].map(({ item }) => item).filter(item => item.kind === 'task')
}

function commands(files: Files, options: Options = {}): readonly unknown[] {
  const items = load(files, options).plays[0]!.sections.flat()
  return tasksOf(items).map(({ args, role }) => [
    role?.name ?? '-',
    (staticValue(args) as { cmd?: string } | undefined)?.cmd,
  ])
}

/** The winning value of a variable for the task that runs this command. */
function valueAt(files: Files, cmd: string, name: string): unknown {
  const items = load(files).plays[0]!.sections.flat()
  const task = tasksOf(items).find(({ args }) => (staticValue(args) as { cmd?: string }).cmd === cmd)!
  const tree = task.keywords.layers.findLast(({ vars }) => vars.has(name))?.vars.get(name)
  return tree && staticValue(tree)
}

const role = (name: string, more: Files = {}): Files => ({
  [`roles/${name}/tasks/main.yml`]: `- command: ${name}`,
  ...Object.fromEntries(Object.entries(more).map(([path, text]) => [`roles/${name}/${path}`, text])),
})

describe('roles of a play', () => {
  test('run between pre_tasks and tasks, those they depend on first and once', () => {
    const files = {
      ...role('a', { 'meta/main.yml': 'dependencies: [base]' }),
      ...role('b', { 'meta/main.yml': 'dependencies:\n  - role: base\ngalaxy_info: {}' }),
      ...role('base'),
      'site.yml':
        '- hosts: all\n  pre_tasks: [{command: pre}]\n  roles: [a, b]\n  tasks: [{command: main}]\n  post_tasks: [{command: post}]\n',
    }
    expect(commands(files)).toEqual([
      ['-', 'pre'],
      ['base', 'base'],
      ['a', 'a'],
      ['b', 'b'],
      ['-', 'main'],
      ['-', 'post'],
    ])
  })
  test('the same with other parameters runs again', () => {
    const site =
      '- hosts: all\n  roles:\n    - a\n    - {role: a, x: 1}\n    - {role: a, x: 1}\n    - {role: a, x: 2}\n'
    expect(commands({ ...role('a'), 'site.yml': site })).toHaveLength(3)
  })
  test('with allow_duplicates it runs each time', () => {
    const files = role('a', { 'meta/main.yml': 'allow_duplicates: true' })
    expect(commands({ ...files, 'site.yml': '- hosts: all\n  roles: [a, a]\n' })).toHaveLength(2)
  })
  test('keywords of the entry go to its tasks and those it depends on', () => {
    const files = { ...role('a', { 'meta/main.yml': 'dependencies: [b]' }), ...role('b') }
    const site = '- hosts: all\n  roles:\n    - {role: a, become: true, when: 1 == 1, tags: [t]}\n'
    const tasks = tasksOf(load({ ...files, 'site.yml': site }).plays[0]!.sections.flat())
    expect(tasks.map(({ keywords }) => [keywords.become, keywords.when.length, keywords.tags])).toEqual([
      [true, 1, ['t']],
      [true, 1, ['t']],
    ])
  })
})

describe('variables of roles', () => {
  const files: Files = {
    ...role('a', { 'defaults/main.yml': 'd: a\nx: a', 'vars/main.yml': 'v: a' }),
    ...role('b', { 'defaults/main.yml': 'd: b\ny: b' }),
    'site.yml':
      '- hosts: all\n  pre_tasks: [{command: pre}]\n  roles:\n    - {role: a, p: 1}\n    - b\n  tasks: [{command: main}]\n',
  }
  test.each<[string, string, unknown]>([
    ['a', 'd', 'a'],
    ['b', 'd', 'b'],
    ['main', 'd', 'b'],
    ['pre', 'v', 'a'],
    ['b', 'v', 'a'],
    ['b', 'x', 'a'],
    ['a', 'y', 'b'],
    ['a', 'p', 1],
    ['b', 'p', undefined],
    ['main', 'p', undefined],
  ])('the task %s sees %s as %s', (task, name, value) => expect(valueAt(files, task, name)).toBe(value))

  test('import_role shows its variables to the tasks after it, include_role to nobody else', () => {
    const more = {
      ...role('c', { 'defaults/main.yml': 'c: 1' }),
      ...role('i', { 'defaults/main.yml': 'i: 1' }),
      'site.yml':
        '- hosts: all\n  tasks:\n    - command: before\n    - import_role: {name: c}\n    - include_role: {name: i}\n    - command: after\n',
    }
    expect(['before', 'c', 'after'].map(task => valueAt(more, task, 'c'))).toEqual([undefined, 1, 1])
    expect(['i', 'after'].map(task => valueAt(more, task, 'i'))).toEqual([1, undefined])
  })
  test('a play sees nothing of the roles of another', () => {
    const site =
      '- hosts: all\n  roles: [a]\n  tasks: [{command: one}]\n- hosts: all\n  roles: [b]\n  tasks: [{command: two}]\n'
    const { plays } = load({ ...files, 'site.yml': site })
    const seen = plays.map(({ sections }) => sections[1]!.at(-1)!.keywords.layers.map(({ origin }) => origin))
    expect(seen).toEqual([['roles/a/defaults/main.yml', 'roles/a/vars/main.yml'], ['roles/b/defaults/main.yml']])
  })
  test('parameters of an import are role params', () => {
    const site = '- hosts: all\n  tasks:\n    - import_role: {name: a}\n      vars: {d: given}\n'
    expect(valueAt({ ...role('a', { 'defaults/main.yml': 'd: 1' }), 'site.yml': site }, 'a', 'd')).toBe('given')
  })
})

describe('files of roles', () => {
  const more = { 'tasks/other.yml': '- command: other', 'tasks/part.yml': '- command: part' }
  test('tasks_from, and files beside', () => {
    const files = {
      ...role('a', { ...more, 'tasks/main.yml': '- import_tasks: part.yml' }),
      'site.yml':
        '- hosts: all\n  tasks:\n    - import_role: {name: a, tasks_from: other}\n    - import_role: {name: a}\n',
    }
    expect(commands(files)).toEqual([
      ['a', 'other'],
      ['a', 'part'],
    ])
  })
  test('the role’s own files and templates come first, then the playbook’s, then the project’s', () => {
    const files = {
      ...role('a', { 'files/one': '', 'templates/t.j2': '' }),
      'plays/files/one': '',
      'plays/files/two': '',
      'files/three': '',
      'plays/site.yml': '- hosts: all\n  roles: [a]\n',
    }
    const { lookup } = tasksOf(load(files, { playbooks: ['plays/site.yml'] }).plays[0]!.sections.flat())[0]!
    const found = (kind: 'files' | 'templates', name: string) => resolveLookup(lookup, kind, name, diskOf(files))
    expect(['one', 'two', 'three', 'nope'].map(name => found('files', name))).toEqual([
      '/p/roles/a/files/one',
      '/p/plays/files/two',
      '/p/files/three',
      undefined,
    ])
    expect(found('templates', 't.j2')).toBe('/p/roles/a/templates/t.j2')
    expect(found('files', '/p/files/three')).toBe('/p/files/three')
  })
  test('roles are found beside the playbook, in roles_path and in the package', () => {
    const files = {
      'plays/roles/here/tasks/main.yml': '- command: here',
      'more/there/tasks/main.yml': '- command: there',
      '/package/roles/built/tasks/main.yml': '- command: built',
      'pitool.yml': 'roles_path: more\nplaybook: plays/site.yml\n',
      'plays/site.yml': '- hosts: all\n  roles: [here, there, built]\n',
    }
    expect(commands(files, { builtinRoles: '/package/roles' })).toEqual([
      ['here', 'here'],
      ['there', 'there'],
      ['built', 'built'],
    ])
  })
})

describe('handlers of roles', () => {
  const handler = { 'handlers/main.yml': '- name: restart\n  command: handler' }
  test('bear the role in their address, and are known by their short name', () => {
    const site =
      '- hosts: all\n  roles: [a]\n  tasks:\n    - {command: x, notify: restart}\n    - {command: y, notify: "a : restart"}\n'
    const [play] = load({ ...role('a', handler), 'site.yml': site }).plays
    expect(play!.handlers.map(({ address }) => address)).toEqual(['a : restart'])
  })
  test('of an included role are known when its name is', () => {
    const site = '- hosts: all\n  tasks:\n    - include_role: {name: a}\n    - {command: x, notify: restart}\n'
    expect(mistakes({ ...role('a', handler), 'site.yml': site })).toEqual([])
  })
})

describe('mistakes', () => {
  test.each<[string, Files, string]>([
    [
      'unknown',
      { 'site.yml': '- hosts: all\n  roles: [nginx]\n', ...role('ngnix') },
      "unknown-role site.yml:2:11 there is no role 'nginx'; looked in roles [did you mean 'ngnix'?]",
    ],
    [
      'a slip of a keyword',
      { 'site.yml': '- hosts: all\n  roles: [{role: a, tag: x}]\n', ...role('a') },
      "unknown-key site.yml:2:21 a role entry has no key 'tag' [did you mean 'tags'? A parameter of that name goes below `vars:`]",
    ],
    [
      'no name',
      { 'site.yml': '- hosts: all\n  roles: [{become: true}]\n' },
      "missing-key site.yml:2:11 a role entry needs 'role' [write `- role: NAME`]",
    ],
    [
      'depends on itself',
      {
        'site.yml': '- hosts: all\n  roles: [a]\n',
        ...role('a', { 'meta/main.yml': 'dependencies: [b]' }),
        ...role('b', { 'meta/main.yml': 'dependencies: [a]' }),
      },
      "include-loop roles/b/meta/main.yml:1:16 the role 'a' depends on itself [take it out of the dependencies]",
    ],
    [
      'tasks_from',
      { 'site.yml': '- hosts: all\n  tasks: [{import_role: {name: a, tasks_from: man}}]\n', ...role('a') },
      "missing-file site.yml:2:32 the role 'a' has no roles/a/tasks/man",
    ],
    [
      'meta',
      { 'site.yml': '- hosts: all\n  roles: [a]\n', ...role('a', { 'meta/main.yml': 'dependncies: []' }) },
      "unknown-key roles/a/meta/main.yml:1:1 roles/a/meta has no key 'dependncies' [did you mean 'dependencies'?]",
    ],
    [
      'in its tasks',
      { 'site.yml': '- hosts: all\n  roles: [a]\n', ...role('a', { 'tasks/main.yml': '- comand: x' }) },
      "unknown-module roles/a/tasks/main.yml:1:3 there is no module 'comand' [did you mean 'command'?]",
    ],
    [
      'in an included role',
      {
        'site.yml': '- hosts: all\n  tasks: [{include_role: {name: a}}]\n',
        ...role('a', { 'tasks/main.yml': '- command: "{{nope}}"' }),
      },
      "undefined-variable roles/a/tasks/main.yml:1:15 'nope' is not defined",
    ],
  ])('%s', (_, files, expected) => {
    const got = mistakes(files)
    expect(got).toHaveLength(1)
    expect(got[0]).toContain(expected)
  })
})
