import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { lab } from '../lab/lab.ts'
import { bootId, freshHosts, k3sProgram, kubectl, onHost, serverUp, until } from './stage/cluster.ts'
import { contradictions } from './stage/compare.ts'
import { bundled, countsOf, failureOf, type Played, play, startPlay, story, unbundle } from './stage/pitool.ts'
import { exampleSite, type Site } from './stage/site.ts'

const [server, one, other] = ['pi-k3s', 'pi5-worker-1', 'pi3-worker-1'] as const
const workers = [one, other] as const
const prepare = ['playbooks/prepare-node.yml', '--limit']
const note = 'pitool/cordoned-by'

let site: Site

beforeAll(async () => {
  await bundled()
  const hosts = await freshHosts([server, ...workers])
  serverUp(server)
  site = exampleSite(hosts, { k3s_install: 'file', k3s_binary_src: k3sProgram, drain_timeout: 6 })
  site.write('taints.yml', taints)
  const joined = await play(site.path, 'playbooks/join-worker.yml')
  if (joined.code !== 0) throw new Error(story(joined))
})
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down([server, ...workers])
})
beforeEach(async () => {
  await kubectl(server, 'delete pods --all')
  for (const host of workers) await kubectl(server, `uncordon ${host}`)
})

const taints = `- hosts: pi3_workers
  become: true
  tasks:
    - node_taints: { taints: ['dedicated=pi3:NoSchedule'], absent: [old] }
`

interface PodOptions {
  readonly controller?: string
  readonly annotations?: object
  readonly volumes?: readonly object[]
}

async function pod(name: string, node: string, { controller, annotations, volumes = [] }: PodOptions): Promise<void> {
  const ownerReferences = controller === undefined ? [] : [{ kind: controller, name: 'x', uid: '1', controller: true }]
  const metadata = { name, namespace: 'default', ownerReferences, annotations }
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { nodeName: node, volumes },
    status: { phase: 'Running' },
  }
  await onHost(server, 'k3s kubectl apply -f -', JSON.stringify(object))
}

/** As an earlier task of this boot leaves it. */
const asksForReboot = (host: string) =>
  onHost(
    host,
    'mkdir -pm 700 /run/pitool; { cat /proc/sys/kernel/random/boot_id; echo a test; } > /run/pitool/reboot-required',
  )
const nodeOf = async (name: string) => JSON.parse(await kubectl(server, `get node ${name} -o json`)) as NodeObject
const isCordoned = async (name: string) => (await nodeOf(name)).spec.unschedulable === true
const noteOn = async (name: string) => (await nodeOf(name)).metadata.annotations?.[note]
const podsOn = (name: string) => kubectl(server, `get pods -A --field-selector spec.nodeName=${name} -o name`)
const changedOn = (played: Played, host: string) =>
  played.ends.filter(end => end.host === host && end.status === 'changed').map(end => end.task.name)

interface NodeObject {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> }
  readonly spec: { readonly unschedulable?: boolean }
}

const rebooting = ['Its pods go elsewhere first', 'Reboot where something asks for it', 'It takes pods again']

describe('a node in service that must be rebooted', () => {
  test('is drained, rebooted, Ready, and takes pods again: one after the other', async () => {
    await pod('web-1', one, { controller: 'ReplicaSet', volumes: [{ name: 'a', emptyDir: {} }] })
    await pod('svclb-1', one, { controller: 'DaemonSet' })
    for (const host of workers) await asksForReboot(host)
    const boots = await Promise.all([server, ...workers].map(bootId))
    const check = await play(site.path, ...prepare, 'workers', '--check', '--diff')
    expect(check.code, story(check)).toBe(0)
    expect(await isCordoned(one)).toBe(false)
    const run = await play(site.path, ...prepare, 'workers', '--diff')
    expect(run.code, story(run)).toBe(0)
    expect(contradictions(check, run)).toEqual([])
    const order = run.ends.map(end => workers.indexOf(end.host as (typeof workers)[number]))
    expect(order, 'one began before the other was done').toEqual([...order].sort())
    for (const host of workers) {
      expect(changedOn(run, host)).toEqual(rebooting)
      expect([await isCordoned(host), await noteOn(host)]).toEqual([false, undefined])
    }
    expect(await podsOn(one)).toBe('pod/svclb-1\n')
    const after = await Promise.all([server, ...workers].map(bootId))
    expect(after.map((boot, i) => boot === boots[i])).toEqual([true, false, false])
    const again = await play(site.path, ...prepare, 'workers')
    for (const host of workers) expect(countsOf(again, host), story(again)).toMatchObject({ changed: 0, failed: 0 })
  })

  test('stays as it is where pods would be lost, and says which', async () => {
    await pod('bare', one, {})
    await asksForReboot(one)
    const refused = await play(site.path, ...prepare, one)
    expect(failureOf(refused, one), story(refused)).toMatchObject({
      code: 'drain-refused',
      cause: 'cannot delete Pods that declare no controller (use --force to override): default/bare',
    })
    expect(await isCordoned(one)).toBe(false)
    const forced = await play(site.path, ...prepare, one, '-e', 'drain_force=true')
    expect(forced.code, story(forced)).toBe(0)
    expect([await podsOn(one), await isCordoned(one)]).toEqual(['', false])
  })

  test('that cannot be drained in time is not rebooted; the next run goes on, and uncordons it', async () => {
    await pod('web-1', one, { controller: 'ReplicaSet', annotations: { 'standin/evict': 'refuse' } })
    await asksForReboot(one)
    const boot = await bootId(one)
    const failed = await play(site.path, ...prepare, one)
    expect(failureOf(failed, one), story(failed)).toMatchObject({ code: 'drain-timeout' })
    expect([await bootId(one), await isCordoned(one)]).toEqual([boot, true])
    await kubectl(server, 'delete pod web-1')
    const run = await play(site.path, ...prepare, one)
    expect(changedOn(run, one), story(run)).toEqual(rebooting.slice(1))
    expect(await isCordoned(one)).toBe(false)
  })

  test('is finished by the next run where this one is killed in the reboot', async () => {
    await asksForReboot(one)
    const boot = await bootId(one)
    const killed = startPlay(site.path, ...prepare, one)
    await until('it is cordoned', 60, () => isCordoned(one))
    await until('it goes down', 60, () => killed.said().includes('to go down'))
    killed.child.kill('SIGKILL')
    await killed.done
    expect(await isCordoned(one)).toBe(true)
    await until('it has booted anew', 60, async () => (await bootId(one).catch(() => boot)) !== boot)
    await until('it is back', 60, async () => (await lab.exec(one, 'systemctl is-active ssh')).stdout === 'active\n')
    const run = await play(site.path, ...prepare, one)
    expect(run.code, story(run)).toBe(0)
    expect(changedOn(run, one)).toEqual(['It takes pods again'])
    expect(await isCordoned(one)).toBe(false)
  })

  test('stays cordoned where somebody else cordoned it', async () => {
    await kubectl(server, `cordon ${other}`)
    await asksForReboot(other)
    const run = await play(site.path, ...prepare, other)
    expect(changedOn(run, other), story(run)).toEqual(rebooting.slice(1, 2))
    expect(await isCordoned(other)).toBe(true)
  })

  test('is refused where others of the batch may go down with it', async () => {
    for (const host of workers) await asksForReboot(host)
    const boots = await Promise.all(workers.map(bootId))
    const run = await play(site.path, 'playbooks/join-worker.yml')
    for (const host of workers) expect(failureOf(run, host), story(run)).toMatchObject({ code: 'reboot-refused' })
    expect(await Promise.all(workers.map(bootId))).toEqual(boots)
    for (const host of workers) await onHost(host, 'rm /run/pitool/reboot-required')
  })
})

test('taints are set and taken, once', async () => {
  await kubectl(server, `taint node ${other} old:NoExecute`)
  const check = await play(site.path, 'taints.yml', '--check', '--diff')
  const run = await play(site.path, 'taints.yml', '--diff')
  expect(run.code, story(run)).toBe(0)
  expect(contradictions(check, run)).toEqual([])
  expect(await kubectl(server, `get node ${other} -o jsonpath={.spec.taints[*].key}`)).toBe('dedicated')
  expect(countsOf(await play(site.path, 'taints.yml'), other).changed).toBe(0)
})
