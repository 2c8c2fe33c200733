import { describe, expect, test } from 'vitest'
import { Mistake } from '../../src/core/diagnostic.ts'
import { loadSettings } from '../../src/playbook/index.ts'
import type { Settings } from '../../src/playbook/model.ts'
import { diskOf, type Files, said } from './project-of.ts'

function settings(files: Files, cwd = '/p'): Settings {
  return loadSettings(cwd, diskOf(files))
}

test('defaults without a file', () => {
  expect(settings({ 'inventory/hosts.yml': '' })).toEqual({
    root: '/p',
    inventory: ['/p/inventory'],
    playbook: '/p/playbooks/site.yml',
    forks: 10,
    become: false,
    host_key_checking: 'strict',
    connect_timeout: 10,
    timeout: 0,
    roles_path: ['/p/roles'],
  })
})

test('no inventory folder, no inventory', () => expect(settings({ x: '' }).inventory).toEqual([]))

test('the file is found upward, and its paths are relative to it', () => {
  const got = settings(
    { 'pitool.yml': 'inventory: [a.yml, /b]\nroles_path: r\nforks: 3\nbecome: true\nprivate_key_file: k\n' },
    '/p/x/y',
  )
  expect(got).toMatchObject({
    root: '/p',
    inventory: ['/p/a.yml', '/b'],
    roles_path: ['/p/r'],
    forks: 3,
    become: true,
    private_key_file: '/p/k',
  })
})

describe('mistakes', () => {
  test.each<[string, readonly string[]]>([
    ['fork: 3', ["unknown-key pitool.yml:1:1 'pitool.yml' has no 'fork' [did you mean 'forks'?]"]],
    ['forks: "3"', ["wrong-type pitool.yml:1:8 'forks' must be a whole number, not a text [take the quotes away]"]],
    ['forks: 0', ["wrong-value pitool.yml:1:8 'forks' must be at least 1, not '0'"]],
    ['become: yes', ["wrong-type pitool.yml:1:9 'become' must be true or false, not a text [write true]"]],
    [
      'host_key_checking: none',
      ["wrong-value pitool.yml:1:20 'host_key_checking' must be strict or accept-new, not 'none'"],
    ],
    ['inventory: {a: 1}', ["wrong-type pitool.yml:1:12 'inventory' must be a text or a list, not a map"]],
    [
      'inventory: [a, 1]',
      ["wrong-type pitool.yml:1:16 'inventory[1]' must be a text, not a number [put it in quotes]"],
    ],
    ['- a', ["wrong-type pitool.yml:1:1 'pitool.yml' must be a map, not a list"]],
    [
      'forks: -1\nbecame: true',
      [
        "wrong-value pitool.yml:1:8 'forks' must be at least 1, not '-1'",
        "unknown-key pitool.yml:2:1 'pitool.yml' has no 'became' [did you mean 'become'?]",
      ],
    ],
  ])('%j', (text, expected) => {
    try {
      settings({ 'pitool.yml': text })
      expect.unreachable()
    } catch (error) {
      if (!(error instanceof Mistake)) throw error
      expect([...said(error.diagnostics)].sort()).toEqual([...expected].sort())
    }
  })
})
