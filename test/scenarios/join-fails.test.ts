import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Code } from '../../src/core/codes.ts'
import { type LabHost, lab } from '../lab/lab.ts'
import { freshHosts, k3sProgram, kubectl, nodes, onHost, serverToken, serverUp } from './stage/cluster.ts'
import { bundled, countsOf, failureOf, type Played, pitool, play, story, unbundle } from './stage/pitool.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'

const server = 'jf-server'
/** Each joins in a wrong way of its own, all in one run with one that is right. */
const workers = [
  'jf-well',
  'jf-password',
  'jf-cluster',
  'jf-token',
  'jf-url',
  'jf-name',
  'jf-flashed',
  'jf-label',
] as const

let hosts: readonly LabHost[]
let site: Site

beforeAll(async () => {
  await bundled()
  hosts = await freshHosts([server, ...workers])
  serverUp(server, { status: 300 })
  site = makeSite({ 'playbooks/site.yml': playbook })
})
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down([server, ...workers])
})

const playbook = [
  {
    name: 'Join',
    hosts: 'workers',
    become: true,
    roles: ['k3s_agent'],
    post_tasks: [{ name: 'Go on', copy: { dest: '/etc/went-on', content: 'yes\n' } }],
  },
]

async function inventory(journal: string): Promise<object> {
  const token = await serverToken(server)
  const address = hosts[0]!.address
  const password = token.split(':').at(-1)!
  return inventoryOf(hosts, {
    groups: { server: [server], workers },
    vars: {
      k3s_install: 'file',
      k3s_binary_src: k3sProgram,
      k3s_env: { K3S_STANDIN_JOURNAL: journal },
      join_timeout: 60,
    },
    hosts: {
      'jf-password': { k3s_token: token.replace(password, 'wrong-horse-battery') },
      'jf-cluster': { k3s_token: `K10${'a'.repeat(64)}::server:${password}` },
      'jf-token': { k3s_token: `K10${'z'.repeat(9)}:${password}` },
      'jf-url': { k3s_url: `https://${address}:6444` },
      'jf-name': { k3s_url: 'https://elsewhere.test:6443' },
      'jf-label': { k3s_extra_args: ['--node-label', 'node-role.kubernetes.io/worker=worker'] },
    },
  })
}

/** The server knows this name with another password, as of a card that was written anew. */
async function flashed(): Promise<void> {
  if (!(await nodes(server)).some(({ name }) => name === 'jf-flashed')) {
    const run = await play(site.path, '--limit', 'jf-flashed')
    expect(run.code, story(run)).toBe(0)
  }
  await lab.reset(['jf-flashed'])
}

describe.each(['old', 'new'])('joins that fail, by journals of the %s form', journal => {
  let run: Played
  let human: string

  beforeAll(async () => {
    await freshHosts(workers)
    await kubectl(server, 'delete node jf-well --ignore-not-found')
    site.write('inventory/hosts.yml', JSON.stringify(await inventory(journal)))
    await flashed()
    await onHost('jf-name', `printf '%s\\n' '${hosts[0]!.address} elsewhere.test' >>/etc/hosts`)
    run = await play(site.path, '--forks', '10')
    human = (await pitool(site.path, 'play', '--limit', 'jf-token,jf-label', '--check')).stdout
  })

  test.each<[string, Code, RegExp, RegExp]>([
    ['jf-password', 'k3s-wrong-password', /password|token/, /k3s token create|node-token/],
    ['jf-cluster', 'k3s-other-cluster', /another cluster/, /k3s token create|node-token/],
    ['jf-token', 'k3s-malformed-token', /malformed|token/, /K10|token create|node-token/],
    ['jf-url', 'k3s-unreachable', /URL/, /port|firewall|cacerts/],
    ['jf-name', 'k3s-certificate', /certificate/, /--tls-san|name or address/],
    ['jf-flashed', 'k3s-node-password', /reflashed|node password/, /kubectl delete node jf-flashed/],
    ['jf-label', 'k3s-label-refused', /label/, /node_labels/],
  ])('%s: %s', (host, code, message, hint) => {
    const failure = failureOf(run, host)
    expect(failure, story(run)).toMatchObject({ code, host, place: expect.stringMatching(/k3s_agent/) })
    expect(failure?.message).toMatch(message)
    expect(failure?.hint).toMatch(hint)
    expect(countsOf(run, host)).toMatchObject({ failed: 1, unreachable: false })
  })

  test('the one that is right joins meanwhile, and goes on', async () => {
    expect(run.code).toBe(2)
    expect(countsOf(run, 'jf-well'), story(run)).toMatchObject({ failed: 0, unreachable: false })
    expect((await nodes(server)).find(({ name }) => name === 'jf-well')?.ready).toBe(true)
    expect(await onHost('jf-well', 'cat /etc/went-on')).toBe('yes\n')
    expect(await onHost('jf-url', 'ls /etc/went-on 2>/dev/null || echo none')).toBe('none\n')
  })

  test('what the text alone decides is told before anything is touched, in a check as well', async () => {
    for (const code of ['k3s-malformed-token', 'k3s-label-refused']) expect(human).toContain(`[${code}]`)
    for (const host of ['jf-token', 'jf-label']) {
      expect(await onHost(host, 'ls /usr/local/bin/k3s 2>/dev/null || echo none')).toBe('none\n')
    }
  })

  test('nobody waits for the time-out where the journal names a cause', () => {
    const took = run.ends.filter(({ task, status }) => task.module === 'k3s_agent' && status === 'failed')
    expect(Math.max(...took.map(({ ms }) => ms))).toBeLessThan(58_000)
  })
})

test('what the hint says mends a reflashed host', async () => {
  await kubectl(server, 'delete node jf-flashed')
  const again = await play(site.path, '--limit', 'jf-flashed')
  expect(again.code, story(again)).toBe(0)
  expect((await nodes(server)).find(({ name }) => name === 'jf-flashed')?.ready).toBe(true)
})

describe('no server to ask', () => {
  const one = ['--limit', 'jf-well']

  test('it is down: said before anything is touched', async () => {
    await onHost(server, 'systemctl stop k3s')
    const ran = await play(site.path, ...one)
    expect(ran.code, story(ran)).toBe(2)
    expect(failureOf(ran, 'jf-well')).toMatchObject({ code: 'k3s-no-server', hint: expect.stringContaining('k3s') })
  })

  test('its machine is off: the worker fails, and says who could not be reached', async () => {
    await lab.stop(server)
    const ran = await play(site.path, ...one, '--timeout', '5')
    expect([2, 4], story(ran)).toContain(ran.code)
    const failure = failureOf(ran, 'jf-well')
    expect(failure, story(ran)).toBeDefined()
    expect(JSON.stringify(failure)).toContain(server)
  })
})
