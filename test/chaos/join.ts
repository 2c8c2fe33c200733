import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { type LabHost, lab, snapshotDiff } from '../lab/lab.ts'
import { sceneOf } from './arena.ts'
import type { Campaign, Outcome } from './campaign.ts'
import { type FaultKind, faultKinds, type Scene, type Usual } from './faults.ts'
import { leftovers, onHost, stateOf } from './host.ts'
import { randomFrom } from './random.ts'
import { makeStage, type Played, type Stage, startPlay, story, writeInventory } from './stage.ts'
import { bugs, restless, wrongWith } from './trial.ts'

const lab3 = resolve(import.meta.dirname, '../lab/k3s')
export const playbook = resolve(import.meta.dirname, '../../playbooks/join-worker.yml')

export interface Cluster {
  readonly program: string
  readonly stage: Stage
  readonly worker: Scene
  readonly server: string
}

interface Joined {
  readonly usual: Usual
  readonly state: ReadonlyMap<string, string>
}

/** The real playbook that joins a worker, broken at random, against the lab's stand-in for k3s. */
export async function joinCampaign(program: string, orders: Campaign): Promise<Outcome> {
  const cluster = await openCluster(program)
  try {
    return await joinAgainAndAgain(cluster, orders)
  } finally {
    await cluster.close()
  }
}

/** A server, and a worker behind a network that can be broken. */
export async function openCluster(program: string, lane = ''): Promise<Cluster & { close(): Promise<void> }> {
  const [serverName, workerName] = [`chaos-server${lane}`, `chaos-worker${lane}`]
  const [server, host] = (await lab.up(2, { names: [serverName, workerName] })) as [LabHost, LabHost]
  execFileSync(join(lab3, 'server-up.sh'), [serverName], { stdio: 'pipe', timeout: 300_000 })
  const worker = await sceneOf(host)
  const stage = makeStage()
  const ways = [
    { host: server, address: server.address, port: server.port, group: 'server' },
    { host, address: '127.0.0.1', port: worker.meddler.port, group: 'workers' },
  ]
  writeInventory(stage, ways, vars)
  const close = async () => {
    await worker.meddler.close()
    await worker.proxy.close()
    stage.remove()
    await lab.down([serverName, workerName])
  }
  return { program, stage, worker, server: serverName, close }
}

const vars = {
  node_dns: ['9.9.9.9'],
  node_labels: { hardware: 'pi3', 'memory-class': 'low' },
  k3s_install: 'file',
  k3s_binary_src: join(lab3, 'k3s'),
  preflight_min_disk_mb: 10,
  preflight_min_memory_mb: 10,
  join_timeout: 50,
  // It is reached over a broken network on loopback.
  preflight_check_address: false,
}

async function joinAgainAndAgain(cluster: Cluster, orders: Campaign): Promise<Outcome> {
  const kinds = faultKinds.filter(kind => !kind.small && (orders.kind === undefined || kind.kind === orders.kind))
  const end = performance.now() + orders.seconds * 1000
  const failures: string[] = []
  const twin = await joinInPeace(cluster)
  orders.say(`in peace it takes ${Math.round(twin.usual.ms)} ms`)
  let tried = 0
  while (tried < orders.faults && performance.now() < end) {
    const seed = orders.seed + tried
    const kind = kinds[seed % kinds.length]!
    const { text, broken } = await joinDisturbed(cluster, twin, { seed, kind })
    tried += 1
    orders.say(`${broken.length === 0 ? 'ok    ' : 'BROKEN'}  join ${kind.kind} seed ${seed}: ${text}`)
    if (broken.length === 0) continue
    failures.push([`npm run chaos -- --join --faults 1 --seed ${seed} --kind ${kind.kind}`, ...broken].join('\n'))
    orders.say(failures.at(-1)!)
  }
  return { tried, failures }
}

async function joinInPeace(cluster: Cluster): Promise<Joined> {
  const { proxy, host } = cluster.worker
  await forget(cluster)
  const before = { ...proxy.bytes }
  const first = await run(cluster)
  const usual = {
    ms: first.ms,
    events: first.events.length,
    up: proxy.bytes.up - before.up,
    down: proxy.bytes.down - before.down,
  }
  const broken = [...wrongWith(first, 'undisturbed run'), ...(await member(cluster)), ...(await leftovers(host.name))]
  if (broken.length > 0) throw new Error(broken.join('\n'))
  return { usual, state: await joinedState(host.name) }
}

async function joinDisturbed(cluster: Cluster, twin: Joined, { seed, kind }: { seed: number; kind: FaultKind }) {
  const { program, stage, worker } = cluster
  const fault = kind.make(randomFrom(seed).branch('fault'), twin.usual)
  await forget(cluster)
  await fault.before?.(worker)
  const running = startPlay({ program, cwd: stage.path }, [playbook])
  const striking = fault.during?.(worker, running)
  striking?.catch(() => undefined)
  const disturbed = await running.done
  await striking
  await fault.undo?.(worker)
  const last = await run(cluster)
  const again = await run(cluster)
  const broken = [
    ...bugs(disturbed),
    ...wrongWith(last, 'run after it'),
    ...restless(again),
    ...(await member(cluster)),
    ...(await leftovers(worker.host.name)).map(path => `left behind: ${path}`),
    ...snapshotDiff(twin.state, await joinedState(worker.host.name)).map(line => `not as the twin: ${line}`),
  ]
  const tale = broken.length > 0 ? [`disturbed run: ${story(disturbed)}`, `run after it: ${story(last)}`] : []
  const text = `${fault.text}; exit ${disturbed.code} after ${Math.round(disturbed.ms)} ms, then ${Math.round(last.ms)} ms`
  return { text, broken: [...broken, ...tale] }
}

function run({ program, stage }: Cluster): Promise<Played> {
  return startPlay({ program, cwd: stage.path }, [playbook]).done
}

/** As after a fresh image: nothing of k3s is left, and the cluster does not know the host. */
export async function forget({ server, worker: { host } }: Cluster): Promise<void> {
  const worker = host.name
  await lab.reset([worker])
  await onHost(
    server,
    `k3s kubectl delete node ${worker} >/dev/null 2>&1 || :
k3s kubectl -n kube-system delete secret ${worker}.node-password.k3s >/dev/null 2>&1 || :`,
  )
}

/** What the cluster lacks of its worker. */
export async function member({ server, worker }: Cluster): Promise<readonly string[]> {
  const workerName = worker.host.name
  const read = `k3s kubectl get node ${workerName} -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>&1 || :
k3s kubectl get node ${workerName} --show-labels 2>&1 || :`
  const said = await onHost(server, read)
  const wanted = ['True', 'hardware=pi3', 'memory-class=low', 'node-role.kubernetes.io/worker=worker']
  return wanted.filter(word => !said.includes(word)).map(word => `the cluster has no ${word} of ${workerName}: ${said}`)
}

/** Keys, passwords and tokens are made anew by each joining. */
export async function joinedState(host: string): Promise<ReadonlyMap<string, string>> {
  const all = await stateOf(host)
  return new Map([...all].filter(([key]) => !random.some(pattern => pattern.test(key))))
}

// NetworkManager writes the time of its last use into a connection; what comes of it stands in resolv.conf.
const random = [
  /^file:.*nmconnection$/,
  /^file:\/var\/lib\/rancher\//,
  /^file:\/etc\/rancher\/node\//,
  /k3s-agent\.service\.env$/,
]
