import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Mirror } from '../lab/k3s/mirror.ts'
import { type LabHost, lab, snapshotDiff } from '../lab/lab.ts'
import { bootId, freshHosts, k3sProgram, k3sVersion, nodes, onHost, releases, serverUp } from './stage/cluster.ts'
import { contradictions, pending } from './stage/compare.ts'
import { bundled, countsOf, type Played, pitool, play, story, unbundle } from './stage/pitool.ts'
import { exampleSite, type Site } from './stage/site.ts'

const server = 'pi-k3s'
const workers = ['pi5-worker-1', 'pi3-worker-1'] as const
const join = 'playbooks/join-worker.yml'
// What joining a fresh host comes to, in the order of the play.
const changing = [
  'The memory can be limited',
  'Resolvers of the node, and none from DHCP or router advertisements',
  'Reboot where something asks for it',
  'What lets the host in',
  'The agent runs and its node is Ready',
  'Labels of the node',
]

let hosts: readonly LabHost[]
let site: Site

beforeAll(async () => {
  await bundled()
  hosts = await freshHosts([server, ...workers])
  // As a real kubelet: conditions are reported every five minutes, only the lease is renewed often.
  serverUp(server, { status: 300 })
  site = exampleSite(hosts, { k3s_install: 'file', k3s_binary_src: k3sProgram })
})
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down([server, ...workers])
})

describe('two fresh workers of the example inventory', () => {
  const trips: [string, Played][] = []
  let check: Played
  let run: Played

  test('a check shows every change to come, and leaves all hosts as they were', async () => {
    const before = await snapshots()
    check = await play(site.path, join, '--check', '--diff')
    expect(check.code, story(check)).toBe(0)
    expect(await traces(before)).toEqual([])
    for (const host of workers) expect(pending(check, host)).toEqual(expect.arrayContaining(changing))
    expect(await nodes(server)).toHaveLength(1)
    trips.push(['check', check])
  })

  test('the run joins both at once: Ready and labelled, says the server', async () => {
    const boots = await Promise.all(workers.map(bootId))
    run = await play(site.path, join, '--diff')
    expect(run.code, story(run)).toBe(0)
    trips.push(['run', run])
    const found = await nodes(server)
    for (const [i, host] of workers.entries()) {
      const pi5 = host.startsWith('pi5')
      const labels = { hardware: pi5 ? 'pi5' : 'pi3', 'memory-class': pi5 ? 'high' : 'low' }
      const node = found.find(({ name }) => name === host)
      expect(node?.ready, host).toBe(true)
      expect(node?.labels).toMatchObject({ 'node-role.kubernetes.io/worker': 'worker', ...labels })
      expect(await bootId(host)).not.toBe(boots[i])
      expect(await onHost(host, 'cat /boot/firmware/cmdline.txt')).toMatch(/ cgroup_enable=memory\n$/)
      expect(await onHost(host, 'stat -c %a /etc/systemd/system/k3s-agent.service.env')).toBe('600\n')
    }
    expect(atOnce(run), 'one waited for the other').toBe(true)
  })

  test('check and run agree, task by task and diff by diff', () => {
    expect(contradictions(check, run)).toEqual([])
    for (const host of workers) expect(changing.filter(name => !pending(run, host).includes(name))).toEqual([])
  })

  test('a second run changes nothing, and a check after it has nothing to say', async () => {
    const before = await snapshots()
    const second = await play(site.path, join)
    trips.push(['second run', second])
    const last = await play(site.path, join, '--check', '--diff', '--detailed-exitcode')
    trips.push(['check after it', last])
    for (const played of [second, last]) {
      expect(played.code, story(played)).toBe(0)
      const nothing = expect.objectContaining({ changed: 0, unknown: 0, failed: 0, unreachable: false })
      expect(workers.map(host => countsOf(played, host))).toEqual(workers.map(() => nothing))
    }
    expect(await traces(before)).toEqual([])
  })

  test('an unchanged run costs few round trips, however many its tasks', () => {
    const rows = trips.map(
      ([what, { end }]) => `${what}: ${JSON.stringify(end?.roundTrips)} round trips, ${end?.ms} ms`,
    )
    console.log(rows.join('\n'))
    const [, second] = trips.find(([what]) => what === 'second run')!
    for (const host of workers) expect(second.end!.roundTrips[host]).toBeLessThanOrEqual(8)
  })
})

describe('the other playbooks', () => {
  test('label-nodes.yml: a label that went, and one that changed, come back', async () => {
    await onHost(server, 'k3s kubectl label node pi5-worker-1 hardware=pi4 memory-class- --overwrite')
    const check = await play(site.path, 'playbooks/label-nodes.yml', '--check')
    const run = await play(site.path, 'playbooks/label-nodes.yml')
    expect(run.code, story(run)).toBe(0)
    expect(contradictions(check, run)).toEqual([])
    expect(countsOf(run, 'pi3-worker-1').changed).toBe(0)
    const found = (await nodes(server)).find(({ name }) => name === 'pi5-worker-1')
    expect(found?.labels).toMatchObject({ hardware: 'pi5', 'memory-class': 'high' })
    expect(changedIn(await play(site.path, 'playbooks/label-nodes.yml'))).toBe(0)
  })

  test('prepare-node.yml on hosts that have not joined', async () => {
    await onHost(server, 'k3s kubectl delete node pi5-worker-1 pi3-worker-1')
    await freshHosts(workers)
    const limited = ['playbooks/prepare-node.yml', '--limit', 'workers', '--diff']
    const check = await play(site.path, ...limited, '--check')
    const run = await play(site.path, ...limited)
    expect(run.code, story(run)).toBe(0)
    expect(contradictions(check, run)).toEqual([])
    expect(changedIn(run)).toBeGreaterThan(0)
    expect(changedIn(await play(site.path, ...limited))).toBe(0)
  })

  test('a bare `pitool play` does all of site.yml, the server included', async () => {
    const boot = await bootId(server)
    const run = await play(site.path, '-e', '{"reboot_allow_server": true}')
    expect(run.code, story(run)).toBe(0)
    expect(await bootId(server)).not.toBe(boot)
    expect((await nodes(server)).filter(({ ready }) => ready)).toHaveLength(3)
    const again = await play(site.path)
    expect(again.code, story(again)).toBe(0)
    expect(changedIn(again)).toBe(0)
    const human = await pitool(site.path, 'play', '--check')
    expect(human.stdout).toMatch(/pi5-worker-1 .*would change=0 /)
  })
})

describe('k3s_install: binary', () => {
  let mirror: Mirror
  beforeAll(async () => {
    mirror = await releases(hosts[0]!)
  })
  afterAll(() => mirror?.close())

  test.each([
    ['target', workers[0]],
    ['control', workers[1]],
  ])('fetched by the %s', async (fetch, worker) => {
    await onHost(server, `k3s kubectl delete node --ignore-not-found ${worker}`)
    await freshHosts([worker])
    mirror.requests.length = 0
    const release = { k3s_install: 'binary', k3s_release_url: `${mirror.url}/download`, k3s_fetch: fetch }
    const args = [join, '--limit', worker, '-e', JSON.stringify(release)]
    const run = await play(site.path, ...args)
    expect(run.code, story(run)).toBe(0)
    expect(mirror.requests.filter(isProgram)).toHaveLength(1)
    expect(await onHost(worker, '/usr/local/bin/k3s --version')).toContain(k3sVersion)
    expect((await nodes(server)).find(({ name }) => name === worker)?.ready).toBe(true)
    const again = await play(site.path, ...args)
    expect(changedIn(again), story(again)).toBe(0)
  })

  const isProgram = (request: string) => /^GET .*\/k3s(-arm64|-armhf)?$/.test(request)
})

const snapshots = () => Promise.all([server, ...workers].map(host => lab.snapshot(host)))

/** What differs since then, without what k3s writes by itself while it runs. */
async function traces(before: readonly ReadonlyMap<string, string>[]): Promise<readonly string[]> {
  const after = await snapshots()
  return [server, ...workers].flatMap((host, i) =>
    snapshotDiff(before[i]!, after[i]!)
      .filter(line => !/ (file:\/var\/lib\/rancher\/k3s\/|process:(.*(\/k3s |rancher)|curl -q -K - ))/.test(line))
      .map(line => `${host}: ${line}`),
  )
}

function changedIn({ end }: Played): number {
  return Object.values(end?.hosts ?? {}).reduce((sum, { changed }) => sum + changed, 0)
}

/** Whether each of the two began to join before the other had ended. */
function atOnce({ events }: Played): boolean {
  const joins = events.filter(
    event => (event.type === 'host.start' || event.type === 'host.end') && event.task.module === 'k3s_agent',
  )
  return joins.slice(0, 2).every(({ type }) => type === 'host.start')
}
