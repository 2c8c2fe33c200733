import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Mirror, startMirror } from '../../lab/k3s/mirror.ts'
import { type LabHost, lab, type UpOptions } from '../../lab/lab.ts'

const k3s = resolve(import.meta.dirname, '../../lab/k3s')
/** The program as `k3s_install: file` sends it. */
export const k3sProgram = join(k3s, 'k3s')
export const k3sVersion = 'v1.30.4+k3s1'

/** Fresh hosts, whatever a scenario before left of them. */
export async function freshHosts(names: readonly string[], options: UpOptions = {}): Promise<readonly LabHost[]> {
  const up = await lab.hosts().catch(() => [])
  await lab.up(names.length, { ...options, names })
  const used = names.filter(name => up.some(host => host.name === name))
  if (used.length > 0) await lab.reset(used)
  return lab.up(names.length, { ...options, names })
}

/** A k3s server on that host, ready. */
export function serverUp(host: string, timing: Readonly<Record<string, number>> = {}): void {
  const ran = spawnSync(join(k3s, 'server-up.sh'), [host], {
    encoding: 'utf8',
    env: { ...process.env, PITOOL_LAB_K3S_TIMING: JSON.stringify(timing) },
  })
  if (ran.status !== 0) throw new Error(`server-up.sh ${host}: ${ran.stderr}`)
}

/** kubectl on the server, past pitool. */
export async function kubectl(server: string, words: string): Promise<string> {
  const ran = await lab.exec(server, `k3s kubectl ${words}`)
  if (ran.code !== 0) throw new Error(`kubectl ${words}: ${ran.stderr}`)
  return ran.stdout
}

export interface ClusterNode {
  readonly name: string
  readonly ready: boolean
  readonly labels: Readonly<Record<string, string>>
}

export async function nodes(server: string): Promise<readonly ClusterNode[]> {
  const { items } = JSON.parse(await kubectl(server, 'get nodes -o json')) as { items: readonly NodeObject[] }
  return items.map(({ metadata, status }) => ({
    name: metadata.name,
    labels: metadata.labels ?? {},
    ready: status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
  }))
}

interface NodeObject {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> }
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] }
}

/** Output of a script run as root on the host, past its network. */
export async function onHost(host: string, script: string, input?: string): Promise<string> {
  const ran = await lab.exec(host, script, input)
  if (ran.code !== 0) throw new Error(`on ${host}: ${script}: exit ${ran.code}\n${ran.stderr}`)
  return ran.stdout
}

export const serverToken = (server: string) => onHost(server, 'cat /var/lib/rancher/k3s/server/node-token').then(trim)
export const bootId = (host: string) => onHost(host, 'cat /proc/sys/kernel/random/boot_id').then(trim)

/** Changes at each start of the unit; empty when it never ran. */
export const invocation = (host: string, unit = 'k3s-agent') =>
  onHost(host, `systemctl show ${unit} -p InvocationID --value`).then(trim)

const trim = (text: string) => text.trim()

/** Waits until it holds; fails after so many seconds. */
export async function until(what: string, seconds: number, holds: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not so within ${seconds} s: ${what}`)
    await sleep(200)
  }
}

/** Releases of the stand-in, served on the lab's own network as GitHub serves k3s'. */
export async function releases(near: LabHost): Promise<Mirror> {
  const dir = mkdtempSync(join(tmpdir(), 'pitool-releases-'))
  const made = spawnSync(join(k3s, 'release.sh'), [dir, k3sVersion], { encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`release.sh: ${made.stderr}`)
  const mirror = await startMirror({ dir, address: near.address.replace(/\.\d+$/, '.1') })
  const close = async () => {
    await mirror.close()
    rmSync(dir, { recursive: true, force: true })
  }
  return { url: mirror.url, requests: mirror.requests, close }
}
