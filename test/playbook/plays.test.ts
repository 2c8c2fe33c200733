import { describe, expect, test } from 'vitest'
import { staticValue } from '../../src/language/index.ts'
import type { Play } from '../../src/playbook/model.ts'
import { type Files, load, mistakes, type Options } from './project-of.ts'

function play(text: string, files: Files = {}, options: Options = {}): Play {
  return load({ 'site.yml': text, ...files }, options).plays[0]!
}

describe('a play', () => {
  test('has Ansible’s defaults', () => {
    expect(play('- hosts: web\n')).toMatchObject({
      name: 'web',
      pattern: 'web',
      hosts: ['w1', 'w2'],
      serial: [],
      strategy: 'linear',
      any_errors_fatal: false,
      force_handlers: false,
      sections: [[], [], []],
    })
  })
  test.each<[string, Partial<Play>]>([
    ['name: My play\n  hosts: db', { name: 'My play', hosts: ['d1'] }],
    ['hosts: [db, w1]', { hosts: ['w1', 'd1'], pattern: 'db,w1' }],
    ['hosts: "{{target}}"', { hosts: ['w1', 'w2'], pattern: 'web' }],
    ['hosts: all\n  serial: 1', { serial: [1] }],
    ['hosts: all\n  serial: [1, "50%"]', { serial: [1, '50%'] }],
    [
      'hosts: all\n  strategy: free\n  max_fail_percentage: 30\n  any_errors_fatal: true\n  force_handlers: true',
      { strategy: 'free', max_fail_percentage: 30, any_errors_fatal: true, force_handlers: true },
    ],
    ['hosts: all\n  gather_facts: false', {}],
  ])('%j', (text, expected) => {
    expect(play(`- ${text}\n`, {}, { extraVars: ['target=web'] })).toMatchObject(expected)
  })
  test('its keywords go to its tasks, its variables to its layers', () => {
    const got = play(
      '- hosts: all\n  become: true\n  tags: p\n  environment: {A: b}\n  vars: {x: 1}\n  tasks: [{command: ls}]\n',
    )
    expect(got.sections[1]![0]!.keywords).toMatchObject({ become: true, tags: ['p'], layers: [] })
    expect(got.layers.map(({ rank, vars }) => [rank, [...vars.keys()]])).toEqual([['play vars', ['x']]])
  })
  test('vars_files: one after the other, of a list the first that is there, names by -e', () => {
    const files = { 'a.yml': 'x: 1', 'c.yml': 'x: 3', 'dev.yml': 'x: 4' }
    const got = play('- hosts: all\n  vars_files: [a.yml, [b.yml, c.yml], "{{stage}}.yml"]\n', files, {
      extraVars: ['stage=dev'],
    })
    expect(got.layers.map(({ rank, origin }) => `${rank} ${origin}`)).toEqual([
      'vars_files a.yml',
      'vars_files c.yml',
      'vars_files dev.yml',
    ])
  })
  test.each<[string, string]>([
    ['host: all', "unknown-key site.yml:1:3 a play has no key 'host' [did you mean 'hosts'?]"],
    ['name: x', "missing-key site.yml:1:3 a play needs 'hosts' [add `hosts: all`, or a group]"],
    ['hosts: wbe', "unknown-host site.yml:1:10 no host or group of the inventory is named 'wbe' [did you mean 'web'?]"],
    ['hosts: "{{target}}"', 'undefined-variable site.yml:1:13'],
    [
      'hosts: all\n  serial: 0',
      'wrong-type site.yml:2:11 \'serial\' must be a number of hosts, or a percentage, not a number (0) [for example 2, or "30%"]',
    ],
    ['hosts: all\n  strategy: fast', "wrong-value site.yml:2:13 'strategy' must be linear or free, not a text (fast)"],
    [
      'hosts: all\n  max_fail_percentage: 130',
      "wrong-type site.yml:2:24 'max_fail_percentage' must be a percentage, at most 100, not a number (130)",
    ],
    [
      'hosts: all\n  remote_user: pi',
      "unknown-key site.yml:2:3 a play has no key 'remote_user' [set `user:` in the inventory, or give --user]",
    ],
    [
      'hosts: all\n  tasks: {command: ls}',
      'wrong-type site.yml:2:10 tasks are a list [begin each task with a dash: `- name: …`]',
    ],
    [
      'hosts: all\n  vars_files: nope.yml',
      "missing-file site.yml:2:15 there is no file of variables 'nope.yml'; looked in ., vars",
    ],
    ['hosts: all\n  vars: {x: "{{"}', 'template-syntax site.yml:2:14'],
  ])('%j is a mistake', (text, expected) => {
    expect(mistakes({ 'site.yml': `- ${text}\n` })[0]).toContain(expected)
  })
})

test('a play that no host is in is warned of', () => {
  const { warnings } = load({ 'inventory/hosts.yml': 'web:\n', 'site.yml': '- hosts: web\n' })
  expect(warnings).toMatchObject([{ code: 'unknown-host', message: "no host matches 'web': this play does nothing" }])
})

describe('playbooks', () => {
  test.each<[string, string, string]>([
    ['empty', '', 'empty-file site.yml:1:1 this playbook is empty [a playbook is a list of plays: `- hosts: all`]'],
    [
      'a map',
      'hosts: all',
      'wrong-type site.yml:1:1 a playbook is a list of plays [begin each play with a dash: `- hosts: all`]',
    ],
    ['a text among plays', '- all', 'wrong-type site.yml:1:3 a play must be a map of keys, not a single value'],
  ])('%s', (_, text, expected) => expect(mistakes({ 'site.yml': text })).toEqual([expected]))

  test('import_playbook brings plays, with what it says about them', () => {
    const files = {
      'plays/web.yml': '- hosts: web\n  tasks: [{import_tasks: t.yml}]\n',
      'plays/t.yml': '- command: "{{x}}"',
      'site.yml': '- import_playbook: plays/web.yml\n  tags: t\n  when: 1 == 1\n  vars: {x: ls}\n- hosts: db\n',
    }
    const { plays } = load(files)
    expect(plays.map(({ pattern }) => pattern)).toEqual(['web', 'db'])
    expect(plays[0]!.sections[1]![0]!.keywords).toMatchObject({ tags: ['t'], when: [{ text: '1 == 1' }] })
  })
  test.each<[Files, string]>([
    [
      { 'site.yml': '- import_playbook: nope.yml\n' },
      "missing-file site.yml:1:3 there is no playbook 'nope.yml'; looked for nope.yml [the name is relative to this playbook]",
    ],
    [
      { 'site.yml': '- import_playbook: a.yml\n', 'a.yml': '- import_playbook: site.yml\n' },
      'include-loop a.yml:1:3 the playbook site.yml imports itself [take one of the imports out]',
    ],
    [
      { 'site.yml': '- import_playbook: a.yml\n  hosts: all\n', 'a.yml': '[]' },
      "unknown-key site.yml:2:3 'import_playbook' has no key 'hosts'",
    ],
  ])('%j', (files, expected) => expect(mistakes(files)).toEqual([expected]))

  test('are looked for in the current folder, then at the root', () => {
    const files = { 'sub/x.txt': '', 'top.yml': '- hosts: web\n', 'sub/here.yml': '- hosts: db\n' }
    const patterns = (name: string) =>
      load(files, { cwd: '/p/sub', playbooks: [name] }).plays.map(({ pattern }) => pattern)
    expect([patterns('top.yml'), patterns('here.yml'), patterns('/p/top.yml')]).toEqual([['web'], ['db'], ['web']])
    expect(mistakes(files, { cwd: '/p/sub', playbooks: ['nope.yml'] })).toEqual([
      'missing-file there is no playbook sub/nope.yml or nope.yml [a path is relative to the folder you are in]',
    ])
    expect(mistakes({})).toEqual(['missing-file there is no playbook site.yml [name one: `pitool play PLAYBOOK`]'])
  })
})

describe('--limit', () => {
  const site = { 'site.yml': '- hosts: all\n', 'failed.txt': '# hosts\nw1\nd1\n' }
  test.each<[string, readonly string[]]>([
    ['web', ['w1', 'w2']],
    ['!w1', ['w2', 'd1']],
    ['@failed.txt', ['w1', 'd1']],
    ['', ['w1', 'w2', 'd1']],
  ])('%s', (limit, hosts) => expect(load(site, { limit }).plays[0]!.hosts).toEqual(hosts))
  test.each<[string, string]>([
    ['wbe', "unknown-host --limit: no host or group of the inventory is named 'wbe' [did you mean 'web'?]"],
    ['@nope', 'missing-file --limit: there is no file /p/nope'],
  ])('%s is a mistake', (limit, expected) => expect(mistakes(site, { limit })).toEqual([expected]))
})

describe('tags', () => {
  const site = `- hosts: all
  tasks:
    - {command: plain}
    - {command: a, tags: a}
    - {command: always, tags: always}
    - {command: never, tags: [never, n]}
    - block: [{command: inner, tags: b}]
      tags: a
`
  test.each<[Options, string]>([
    [{}, 'plain a always inner'],
    [{ tags: ['a'] }, 'a always inner'],
    [{ tags: ['b'] }, 'always inner'],
    [{ tags: ['n'] }, 'always never'],
    [{ tags: ['all'] }, 'plain a always inner'],
    [{ tags: ['tagged'] }, 'a always inner'],
    [{ tags: ['untagged'] }, 'plain always'],
    [{ skipTags: ['a'] }, 'plain always'],
    [{ skipTags: ['always'] }, 'plain a inner'],
    [{ tags: ['a'], skipTags: ['b'] }, 'a always'],
    [{ skipTags: ['tagged'] }, 'plain always'],
  ])('%j', (options, expected) => {
    const items = load({ 'site.yml': site }, options).plays[0]!.sections[1]!
    const commands = items.flatMap(item => (item.kind === 'block' ? item.block : [item]))
    expect(
      commands.map(item => (item.kind === 'task' ? (staticValue(item.args) as { cmd: string }).cmd : '')).join(' '),
    ).toBe(expected)
  })
  test('all of a play, whatever is asked for', () => {
    expect(load({ 'site.yml': site }, { tags: ['a'] }).plays[0]!.tags).toEqual(['a', 'always', 'b', 'n', 'never'])
  })
  test.each<[Options, string]>([
    [{ tags: ['alwys'] }, "unknown-tag no task has the tag 'alwys' [did you mean 'always'?]"],
    [{ skipTags: ['xyz'] }, "unknown-tag no task has the tag 'xyz' [tags are a, always, b, n, never]"],
  ])('%j is a mistake', (options, expected) => expect(mistakes({ 'site.yml': site }, options)).toEqual([expected]))
})
