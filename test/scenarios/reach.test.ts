import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Code } from '../../src/core/codes.ts'
import { type LabHost, lab, piPassword } from '../lab/lab.ts'
import { freshHosts, onHost } from './stage/cluster.ts'
import { bundled, countsOf, failureOf, type Played, pitool, play, story, unbundle } from './stage/pitool.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'

/** Each in a way of its own out of reach; all in one run with two that are well. */
const plain = ['re-well', 're-other', 're-changed', 're-unknown', 're-off', 're-key'] as const
const asking = ['re-right', 're-wrong', 're-missing'] as const
const locked = ['re-login'] as const
const names = [...plain, ...asking, ...locked]
const well = ['re-well', 're-other', 're-right'] as const
const wrong = 'wrong-horse-battery'

let site: Site
let run: Played
let human: string

beforeAll(async () => {
  await bundled()
  const hosts = [
    ...(await freshHosts(plain)),
    ...(await lab.up(asking.length, { names: asking, sudoPassword: true })),
    ...(await lab.up(locked.length, { names: locked, key: false })),
  ]
  await lab.stop('re-off')
  site = makeSite()
  const known = knownHosts(hosts)
  site.write('known/changed', known('re-changed', 're-other'))
  site.write('known/none', '')
  site.write('keys/broken', 'this is no key\n', 0o600)
  const file = (name: string) => `${site.path}/${name}`
  const of = {
    're-changed': { known_hosts_file: file('known/changed') },
    're-unknown': { known_hosts_file: file('known/none') },
    're-key': { private_key_file: file('keys/broken') },
    're-right': { ansible_become_password: piPassword },
    're-wrong': { ansible_become_password: wrong },
    're-login': { ansible_password: wrong },
  }
  site.write('inventory/hosts.yml', JSON.stringify(inventoryOf(hosts, { hosts: of })))
  const tasks = [
    { name: 'Look', command: { argv: ['id', '-u'], readonly: true } },
    { name: 'Go on', copy: { dest: '/etc/went-on', content: 'yes\n' } },
  ]
  site.write('playbooks/site.yml', JSON.stringify([{ name: 'Try', hosts: 'all', become: true, tasks }]))
  run = await play(site.path, '--forks', '12', '--timeout', '15', '-v', '--diff')
  human = (await pitool(site.path, 'play', '--forks', '12', '--timeout', '15', '--check')).stdout
})
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down([...names])
})

describe('hosts out of reach', () => {
  test.each<[string, Code, RegExp, RegExp]>([
    ['re-changed', 'host-key-changed', /key/, /known_hosts|ssh-keygen -R|changed:\d/],
    ['re-unknown', 'host-key-unknown', /key/, /--accept-new|ssh-keyscan/],
    ['re-off', 'unreachable', /198\.18\.|re-off/, /power|on|address|sshd|network|reach/],
    ['re-key', 'key-unusable', /broken/, /key/],
    ['re-wrong', 'become-password-wrong', /password/, /-K/],
    ['re-missing', 'become-password-missing', /password/, /-K/],
    ['re-login', 'auth-failed', /re-login/, /password/],
  ])('%s: %s', (host, code, message, hint) => {
    const failure = failureOf(run, host)
    expect(failure, story(run)).toMatchObject({ code, host })
    expect(failure?.message).toMatch(message)
    expect(failure?.hint).toMatch(hint)
    expect(human).toContain(`[${code}]`)
    expect(human).toContain(failure?.hint?.split('\n')[0]?.slice(0, 60))
  })

  test('the others go on', async () => {
    expect(run.code, story(run)).toBe(2)
    for (const host of well) {
      expect(countsOf(run, host), host).toMatchObject({ changed: 1, failed: 0, unreachable: false })
      expect(await onHost(host, 'cat /etc/went-on')).toBe('yes\n')
    }
    for (const host of ['re-changed', 're-unknown', 're-wrong', 're-missing']) {
      expect(await onHost(host, 'ls /etc/went-on 2>/dev/null || echo none'), host).toBe('none\n')
    }
  })

  test('no password is shown', () => {
    expect(run.stdout + run.stderr + human).not.toMatch(new RegExp(`${wrong}|${piPassword}`))
  })

  test.each([
    ['one that fails: 2', 're-well,re-missing', 2],
    ['one that cannot be reached: 4', 're-well,re-unknown', 4],
  ])('exit code of one that is well and %s', async (_, limit, code) => {
    const ran = await play(site.path, '--limit', limit)
    expect(ran.code, story(ran)).toBe(code)
    expect(countsOf(ran, 're-well')).toMatchObject({ changed: 0, failed: 0, unreachable: false })
  })
})

/** Lines of known_hosts that give one host the keys of another. */
function knownHosts(hosts: readonly LabHost[]) {
  const host = (name: string) => hosts.find(one => one.name === name)!
  return (name: string, impostor: string) =>
    host(impostor)
      .hostKeys.map(key => `${host(name).address} ${key}\n`)
      .join('')
}
