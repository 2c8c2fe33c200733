import { readdirSync } from 'node:fs'

/** Seconds a file takes, roughly; one that is not named here is taken for a usual one. */
const seconds: Readonly<Record<string, number>> = {
  cluster: 160,
  node: 165,
  'join-fails': 150,
  keepalived: 120,
  chaos: 95,
  faults: 85,
  'ways-in': 95,
  transport: 155,
  join: 74,
  'gravity-sync': 60,
  leaks: 45,
  laws: 60,
  footprints: 55,
  targets: 60,
  drain: 55,
  nfs: 45,
  killed: 45,
  lost: 45,
  'host-faults': 45,
  netplan: 45,
  trixie: 45,
  cancel: 36,
  reach: 30,
  lock: 28,
  processes: 21,
  busybox: 21,
  order: 20,
  secrets: 36,
  accounts: 14,
  modules: 12,
  'long-connection': 12,
  cli: 13,
  commands: 13,
}
const usual = 30

/** The files of one of several lanes that run side by side, each with a lab of its own: about as long as the others. */
export function filesOfLane(lane: number, of: number): readonly string[] {
  const names = readdirSync(import.meta.dirname).flatMap(name => /^(.*)\.test\.ts$/.exec(name)?.[1] ?? [])
  const weighed = names.map(name => ({ name, weight: seconds[name] ?? usual })).sort((a, b) => b.weight - a.weight)
  const lanes = Array.from({ length: of }, () => ({ total: 0, names: [] as string[] }))
  for (const { name, weight } of weighed) {
    const shortest = lanes.reduce((least, one) => (one.total < least.total ? one : least))
    shortest.total += weight
    shortest.names.push(name)
  }
  return lanes[lane - 1]!.names.map(name => `test/scenarios/${name}.test.ts`)
}
