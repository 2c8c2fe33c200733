import { describe, expect, test } from 'vitest'
import { Mistake } from '../../src/core/diagnostic.ts'
import { Secret } from '../../src/core/secret.ts'
import type { Value, Vars } from '../../src/core/value.ts'
import { connectionVars } from '../../src/playbook/index.ts'
import { mistakes, tasks } from './project-of.ts'

const settings = (vars: Vars) => connectionVars(name => vars[name] as Value | undefined)

describe('settings', () => {
  test.each<[Vars, object]>([
    [{}, {}],
    [
      { host: '10.0.0.1', port: 2222, user: 'pi' },
      { host: '10.0.0.1', port: 2222, user: 'pi' },
    ],
    [{ ansible_host: 'a', host: 'b' }, { host: 'a' }],
    [{ ansible_port: '2222' }, { port: 2222 }],
    [{ ansible_ssh_private_key_file: '~/.ssh/k' }, { private_key_file: '~/.ssh/k' }],
    [
      { ansible_become: true, ansible_become_user: 'app', become_method: 'su' },
      { become: true, become_user: 'app', become_method: 'su' },
    ],
    [{ ansible_become: 'false' }, { become: false }],
    [{ ansible_connection: 'smart' }, { connection: 'ssh' }],
    [{ connection: 'local' }, { connection: 'local' }],
    [{ jump: 'a@b:22, c' }, { jump: ['a@b:22', 'c'] }],
    [{ jump: ['a', 'b,c'] }, { jump: ['a', 'b', 'c'] }],
    [{ jump: 'none' }, { jump: [] }],
    [{ ansible_ssh_common_args: '-J a' }, { ssh_common_args: '-J a' }],
    [{ user: null, port: '' }, {}],
    [{ host_key_checking: 'accept-new' }, { host_key_checking: 'accept-new' }],
  ])('%j', (vars, expected) => expect(settings(vars)).toEqual(expected))

  test.each(['password', 'ansible_password', 'ansible_ssh_pass'])('%s becomes a secret', name => {
    expect(settings({ [name]: 'pw1234' }).password).toBeInstanceOf(Secret)
  })
})

test.each<[Vars, string]>([
  [{ port: 'ssh' }, "the variable 'port' must be a whole number above 0"],
  [{ ansible_port: 70000 }, "the variable 'ansible_port' must be a port, at most 65535"],
  [{ become: 'yes' }, "the variable 'become' must be true or false"],
  [{ ansible_connection: 'winrm' }, "the variable 'ansible_connection' must be 'ssh', 'openssh' or 'local'"],
  [{ jump: 'a,,b' }, "the variable 'jump' must name hosts"],
  [{ jump: { host: 'a' } }, "the variable 'jump' must be a text"],
  [{ become_method: 'runas' }, "the variable 'become_method' must be 'sudo', 'su' or 'doas'"],
])('%j is a mistake', (vars, message) => {
  expect(() => settings(vars)).toThrow(Mistake)
  expect(() => settings(vars)).toThrow(message)
})

describe('how hosts are reached is checked before any is', () => {
  const found = (inventory: string) =>
    mistakes({ 'site.yml': tasks('- debug: {msg: x}'), 'inventory/hosts.yml': inventory })
  test.each([
    [
      'all: {hosts: {a: {port: 22x}}}',
      "wrong-type inventory/hosts.yml:1:25 the variable 'port' must be a whole number above 0",
    ],
    [
      'all: {hosts: {a: , b: }, vars: {ansible_become: yes}}',
      "wrong-type inventory/hosts.yml:1:49 the variable 'ansible_become' must be true or false [yes and no are texts: write true or false]",
    ],
  ])('%s', (inventory, expected) => expect(found(inventory)).toEqual([expected]))
  test('a stronger layer that is right counts', () => {
    expect(found('all: {hosts: {a: {port: 22}}, vars: {port: 22x}}')).toEqual([])
    expect(found('all: {hosts: {a: {port: "{{p}}", p: 22}}}')).toEqual([])
  })
})
