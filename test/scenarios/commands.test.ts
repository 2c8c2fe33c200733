import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LabHost, lab } from '../lab/lab.ts'
import { freshHosts } from './stage/cluster.ts'
import { bundled, pitool, unbundle } from './stage/pitool.ts'
import { exampleNames, exampleSite, inventoryOf, makeSite, type Site } from './stage/site.ts'

beforeAll(async () => {
  await bundled()
})
afterAll(() => unbundle())

describe('what only reads never connects', () => {
  let door: Server
  let knocks = 0
  let site: Site

  beforeAll(async () => {
    door = createServer(socket => {
      knocks += 1
      socket.destroy()
    })
    await new Promise<void>(listening => door.listen(0, '127.0.0.1', listening))
    // Every host of the example is this door, which counts who comes.
    site = exampleSite([], { port: (door.address() as AddressInfo).port })
    const hosts = exampleNames.map(name => `    ${name}: { host: 127.0.0.1 }`)
    const groups = [
      '  children:',
      '    server: { hosts: { pi-k3s: } }',
      '    workers: { hosts: { pi5-worker-1: , pi3-worker-1: , pi3-worker-2: } }',
      '    pi5: { hosts: { pi-k3s: , pi5-worker-1: } }',
      '    pi3: { hosts: { pi3-worker-1: , pi3-worker-2: } }',
    ]
    site.write('inventory/hosts.yml', ['all:', '  hosts:', ...hosts, ...groups, ''].join('\n'))
  })
  afterAll(() => {
    door?.close()
    site?.remove()
  })

  test.each<[readonly string[], number, RegExp]>([
    [['play', '--list-hosts'], 0, /pi-k3s[\s\S]*pi5-worker-1[\s\S]*pi3-worker-2/],
    [['play', 'playbooks/join-worker.yml', '--list-hosts', '--limit', 'pi3*'], 0, /pi3-worker-1[\s\S]*pi3-worker-2/],
    [['play', 'playbooks/join-worker.yml', '--list-tasks'], 0, /The agent runs and its node is Ready/],
    [['play', '--list-tags'], 0, /play/i],
    [['play', '--syntax-check'], 0, /no mistakes found/],
    [['play', 'playbooks/label-nodes.yml', '--syntax-check', '--check', '--diff'], 0, /no mistakes found/],
    [['inventory', '--graph'], 0, /@workers/],
    [['inventory', '--list'], 0, /"pi5-worker-1"/],
    [['inventory', '--host', 'pi5-worker-1', '--origins'], 0, /group_vars/],
    [['doc', 'k3s_agent'], 0, /join_timeout/],
    [['play', '--chek'], 1, /--check/],
    [['plya'], 1, /'play'/],
    [['play', 'playbooks/no-such.yml'], 1, /no-such\.yml/],
    [['play', '--limit', 'pi9-worker-1'], 1, /pi9-worker-1/],
    [['play', '--forks', 'many'], 1, /forks/],
    [['run', 'all'], 1, /pitool run PATTERN -- COMMAND/],
  ])('pitool %j', async (args, code, says) => {
    const ran = await pitool(site.path, ...args)
    expect(ran.code, ran.stdout + ran.stderr).toBe(code)
    expect(code === 0 ? ran.stdout : ran.stderr).toMatch(says)
    expect(code === 0 ? ran.stderr : ran.stdout).toBe('')
    expect(knocks).toBe(0)
  })

  test('the door does count: a ping knocks on it', async () => {
    const ran = await pitool(site.path, 'ping', 'pi-k3s')
    expect(ran.code).toBe(4)
    expect(knocks).toBeGreaterThan(0)
  })
})

describe('ping and run', () => {
  const names = ['cm-1', 'cm-2'] as const
  let hosts: readonly LabHost[]
  let site: Site

  beforeAll(async () => {
    hosts = await freshHosts(names)
    site = makeSite({ 'inventory/hosts.yml': inventoryOf(hosts, { groups: { first: ['cm-1'] } }) })
  })
  afterAll(async () => {
    site?.remove()
    await lab.down([...names])
  })

  test('ping logs in everywhere, with --become as root', async () => {
    const ran = await pitool(site.path, 'ping', '--become')
    expect(ran.code, ran.stdout + ran.stderr).toBe(0)
    for (const name of names) expect(ran.stdout).toContain(name)
  })

  test('run passes its words as they are, on the hosts of the pattern only', async () => {
    const odd = `it's; echo "$HOME" \`id\` *`
    const ran = await pitool(site.path, 'run', 'first', '--become', '--', 'printf', '%s|', 'a b', odd)
    expect(ran.code, ran.stdout + ran.stderr).toBe(0)
    expect(ran.stdout).toContain(`a b|${odd}|`)
    expect(ran.stdout).not.toContain('cm-2')
  })

  test('run tells where a command failed, and what the others said', async () => {
    const ran = await pitool(site.path, 'run', 'all', '--', 'sh', '-c', 'hostname; [ "$(hostname)" = cm-2 ]')
    expect(ran.code).toBe(2)
    expect(ran.stdout).toMatch(/cm-1: rc=1 .*\ncm-1\n/)
    expect(ran.stdout).toMatch(/cm-2: rc=0 .*\ncm-2\n/)
  })

  test('--limit and groups choose', async () => {
    const ran = await pitool(site.path, 'ping', 'all', '--limit', 'all:!first')
    expect(ran.stdout).toContain('cm-2')
    expect(ran.stdout).not.toContain('cm-1')
  })
})
