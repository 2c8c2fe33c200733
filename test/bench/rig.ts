import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { knownHostsLines, type LabHost, lab } from '../lab/lab.ts'
import { type Proxy as SlowWay, startProxy } from '../lab/proxy.ts'
import type { Target } from './contender.ts'
import { cpuOf } from './meter.ts'

/** Hosts of one contender for one round, fresh. */
export interface Rig {
  readonly targets: readonly Target[]
  readonly knownHostsFile: string
  read(): Reading
  close(): Promise<void>
}

/** Counters since the hosts are up; two of them make a difference. */
export interface Reading {
  /** CPU time of all hosts together, milliseconds. */
  readonly cpuMs: number
  /** Bytes on the wires to and from all hosts, with all headers. */
  readonly sent: number
  readonly received: number
  /** Times that somebody here spoke after the host had: round trips, of the host with the most; only behind proxies. */
  readonly turns: readonly number[]
}

export async function freshRig(options: {
  readonly count: number
  readonly suite: string
  readonly folder: string
  readonly delayMs?: number | undefined
}): Promise<Rig> {
  const names = Array.from(
    { length: options.count },
    (_, index) => `${options.suite.includes('python') ? 'p' : 'b'}${index + 1}`,
  )
  const known = await lab.hosts().catch(() => [])
  // Booted anew below; elsewhere hosts of other rounds may still be up, and memory and file watches are scarce.
  const old = known.filter(host => host.pid !== null && !names.includes(host.name)).map(host => host.name)
  if (old.length > 0) await lab.stop(...old)
  const again = names.filter(name => known.some(host => host.name === name))
  if (again.length > 0) await lab.reset(again)
  const hosts = await lab.up(names.length, { names, suite: options.suite })
  for (const name of names) await must(name, 'apt-get update -qq')
  const proxies =
    options.delayMs === undefined ? [] : await Promise.all(hosts.map(host => slowWay(host, options.delayMs)))
  return rigOf(hosts, proxies, options.folder)
}

const slowWay = (host: LabHost, delayMs = 0) => startProxy({ host: host.address, port: host.port, delayMs })

async function must(name: string, script: string): Promise<void> {
  const ran = await lab.exec(name, script)
  if (ran.code !== 0) throw new Error(`${name}: ${script}: exit ${ran.code}\n${ran.stderr}`)
}

async function rigOf(hosts: readonly LabHost[], proxies: readonly SlowWay[], folder: string): Promise<Rig> {
  const knownHostsFile = join(folder, 'known_hosts')
  const lines = hosts.map((host, index) => knownHostsLines(host, ...placeOf(host, proxies[index])))
  await writeFile(knownHostsFile, lines.join(''))
  const wires = hosts.map(
    host => `/sys/class/net/pitool${process.env.PITOOL_LAB_ID}-v${host.address.split('.')[3]}/statistics`,
  )
  return {
    knownHostsFile,
    targets: hosts.map((host, index) => {
      const [address, port] = placeOf(host, proxies[index])
      return { name: host.name, address, port }
    }),
    read: () => ({
      cpuMs: sum(hosts.map(host => cpuOf(`pitool${process.env.PITOOL_LAB_ID}-${host.name}`))),
      sent: sum(wires.map(wire => bytesOf(wire, 'tx_bytes'))),
      received: sum(wires.map(wire => bytesOf(wire, 'rx_bytes'))),
      turns: proxies.map(proxy => proxy.turns),
    }),
    close: async () => {
      await Promise.all(proxies.map(proxy => proxy.close()))
    },
  }
}

const placeOf = (host: LabHost, proxy: SlowWay | undefined): [string, number] =>
  proxy === undefined ? [host.address, host.port] : ['127.0.0.1', proxy.port]

const bytesOf = (wire: string, name: string) => Number(readFileSync(join(wire, name), 'utf8'))

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
