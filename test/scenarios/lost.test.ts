import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Event } from '../../src/core/event.ts'
import { type Meddler, startMeddler } from '../chaos/meddler.ts'
import { knownHostsLines, type LabHost, lab } from '../lab/lab.ts'
import { type Proxy as BadNetwork, startProxy } from '../lab/proxy.ts'
import { freshHosts, onHost, until } from './stage/cluster.ts'
import { bundled, countsOf, type Played, play, startPlay, story, unbundle } from './stage/pitool.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'

/** What goes wrong while a task is at it: it says so itself by a file. */
interface Loss {
  readonly host: string
  readonly task: object
  /** Done to the host before the run. */
  readonly before?: string
  strike(host: LabHost, network: Network): Promise<unknown> | unknown
  readonly status: 'changed' | 'failed' | 'ok'
  /** How often the work was done. */
  readonly done: string
  /** Said of the connection or the shell. */
  readonly said: RegExp
}

interface Network {
  readonly proxy: BadNetwork
  readonly meddler: Meddler
}

const work = 'touch /root/began; sleep 4; echo done >>/root/done'
const writing = { copy: { dest: '/etc/wanted', content: 'whole\n', validate: `sh -c "${work}; test -s %s"` } }
const anew = /made anew/
const another = /another one takes its place/
const cut = (_: LabHost, { proxy }: Network) => proxy.cut()
const killed = (pick: string) => (host: LabHost) => onHost(host.name, `pkill -KILL ${pick}`)

const losses: readonly Loss[] = [
  {
    host: 'lo-ask',
    task: { shell: { cmd: `${work}; echo said`, readonly: true } },
    strike: cut,
    status: 'ok',
    done: '2',
    said: anew,
  },
  { host: 'lo-file', task: writing, strike: cut, status: 'changed', done: '1', said: anew },
  {
    host: 'lo-apt',
    task: { apt: { name: 'hello-pitool' } },
    before: `apt-get -qq update; printf 'DPkg::Pre-Invoke {"${work}";};\\n' >/etc/apt/apt.conf.d/99slow`,
    strike: cut,
    status: 'changed',
    done: '1',
    said: anew,
  },
  { host: 'lo-cmd', task: { shell: work }, strike: cut, status: 'failed', done: '1', said: anew },
  {
    host: 'lo-guard',
    task: { shell: { cmd: work, creates: '/root/done' } },
    strike: cut,
    status: 'changed',
    done: '1',
    said: anew,
  },
  {
    host: 'lo-pay',
    task: { copy: { dest: '/etc/wanted', content: 'whole\n' }, notify: 'Pay' },
    strike: cut,
    status: 'changed',
    done: '1',
    said: anew,
  },
  { host: 'lo-sudo', task: writing, strike: killed('-x sudo'), status: 'changed', done: '1', said: another },
  {
    host: 'lo-shell',
    task: { shell: work },
    strike: killed(`-f '^sh$' -u root`),
    status: 'failed',
    done: '1',
    said: another,
  },
  {
    host: 'lo-boot',
    task: { shell: { cmd: 'touch /root/began; sleep 4; echo done >>/root/done; echo said', readonly: true } },
    strike: host => lab.reboot(host.name),
    status: 'ok',
    done: '1',
    said: anew,
  },
  {
    host: 'lo-bits',
    task: { shell: { cmd: `${work}; echo said`, readonly: true } },
    strike: (_, { meddler }) => meddler.corruptAfterBytes('down', 1),
    status: 'ok',
    done: '2',
    said: anew,
  },
]

const names = losses.map(({ host }) => host)
let hosts: readonly LabHost[]
const networks = new Map<string, Network>()
let site: Site
let run: Played

beforeAll(async () => {
  await bundled()
  hosts = await freshHosts(names)
  await Promise.all(losses.map(async ({ host, before }) => before && (await onHost(host, before))))
  site = makeSite({ 'playbooks/site.yml': [playbook] })
  const ways: Record<string, object> = {}
  for (const host of hosts) {
    const proxy = await startProxy({ host: host.address, port: host.port })
    const meddler = await startMeddler(proxy.port)
    networks.set(host.name, { proxy, meddler })
    const known = site.write(`known/${host.name}`, knownHostsLines(host, '127.0.0.1', meddler.port))
    ways[host.name] = { host: '127.0.0.1', port: meddler.port, known_hosts_file: known }
  }
  site.write('inventory/hosts.yml', JSON.stringify(inventoryOf(hosts, { hosts: ways as never })))
  const running = startPlay(site.path, '--forks', '20')
  await Promise.all(
    losses.map(async ({ host, strike }) => {
      const of = hosts.find(({ name }) => name === host)!
      await until(`${host} to be at it`, 60, () => existsSync(join(of.root, 'root/began')))
      await strike(of, networks.get(host)!)
    }),
  )
  run = await running.done
})
afterAll(async () => {
  for (const { proxy, meddler } of networks.values()) {
    await meddler.close()
    await proxy.close()
  }
  site?.remove()
  unbundle()
  await lab.down(names)
})

const playbook = {
  name: 'Try',
  hosts: 'all',
  become: true,
  strategy: 'free',
  tasks: [
    { name: 'Before', copy: { dest: '/etc/before', content: 'yes\n' } },
    ...losses.map(({ host, task }) => ({
      name: host,
      ...task,
      register: 'it',
      when: `inventory_hostname == "${host}"`,
    })),
    { name: 'After', copy: { dest: '/etc/after', content: 'yes\n' } },
  ],
  handlers: [{ name: 'Pay', shell: { cmd: work, creates: '/root/done' } }],
}

const warnings = (host: string) =>
  run.events.flatMap((event: Event) =>
    event.type === 'warning' && event.diagnostic.host === host ? [event.diagnostic.message] : [],
  )

describe('what is lost on the way', () => {
  test.each(losses.map(loss => [loss.host, loss] as const))('%s', async (host, { status, done, said }) => {
    const end = run.ends.find(one => one.host === host && one.task.name === host)
    expect(end?.status, story(run)).toBe(status)
    expect(warnings(host).join('\n')).toMatch(said)
    expect(await onHost(host, 'wc -l </root/done')).toBe(`${done}\n`)
    const onward = status === 'failed' ? 'none\n' : 'yes\n'
    expect(await onHost(host, 'cat /etc/after 2>/dev/null || echo none')).toBe(onward)
    expect(
      await onHost(host, 'find / -xdev -name ".pitool-*"; ls -A /run/pitool /var/lib/pitool/pending 2>/dev/null || :'),
    ).not.toMatch(/pitool-|lock|[0-9a-f]{32}/)
  })

  test.each(['lo-cmd', 'lo-shell'])(
    '%s: a command that may have done its work is not run twice, and says where it stood',
    host => {
      const end = run.ends.find(one => one.host === host && one.status === 'failed')
      expect(end?.diagnostic).toMatchObject({
        code: 'outcome-unknown',
        message: expect.stringMatching(/was lost during: run touch .*unknown/),
        cause: expect.stringMatching(/no longer runs there/),
        hint: expect.stringMatching(/creates/),
      })
      expect(countsOf(run, host)).toMatchObject({ failed: 1, unreachable: false })
    },
  )

  test('the next run finds nothing to do, but for the commands that always run', async () => {
    const next = await play(site.path, '--forks', '20', '--limit', 'all:!lo-ask:!lo-bits')
    expect(next.code, story(next)).toBe(0)
    for (const { host, status } of losses) {
      if (status === 'changed') expect(countsOf(next, host).changed, host).toBe(0)
    }
  })
})
