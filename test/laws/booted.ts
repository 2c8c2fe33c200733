import { addressed } from '../lab/addressed.ts'
import { type LabHost, lab } from '../lab/lab.ts'
import type { Put } from './batch.ts'
import type { ClusterAt } from './cases/cases.ts'
import { cases } from './cases/index.ts'
import { full } from './hold.ts'
import { openRemote, type RemoteWorld } from './remote.ts'

/** How often, and for how many seconds at most, a suite tries on a booted host. */
export const bootedTries = Number(process.env.PITOOL_LAWS_LAB_TRIES ?? (full ? 20 : 2))
export const bootedSeconds = Number(process.env.PITOOL_LAWS_LAB_SECONDS ?? (full ? 900 : 15))
/** Beyond that a try at work ends, and a failure is made smaller. */
export const bootedPatience = { timeout: bootedSeconds * 1000 + 300_000 }

/** `PITOOL_LAWS_MODULES=apt,user`: only these on booted hosts, to find what broke. */
const chosen = process.env.PITOOL_LAWS_MODULES?.split(',')

// What a later task of the play can say hangs on those before: packages and commands, which may alter anything, come last.
const last = ['apt', 'command', 'shell']

/** All that can be tried on a booted host by itself, in the order in which a play has them. */
export const booted: readonly Put[] = [
  ...cases.filter(({ module }) => !last.includes(module)),
  ...last.map(module => cases.find(one => one.module === module)!),
].flatMap(({ module, lab, scratch }) => {
  const trials = lab ?? scratch
  return trials && (chosen?.includes(module) ?? true) ? [{ module, trials }] : []
})

/** All that needs a cluster: the agent, which may alter what the others see, comes last. */
export function clustered(at: ClusterAt): readonly Put[] {
  const put = cases.flatMap(({ module, cluster }) =>
    cluster && (chosen?.includes(module) ?? true) ? [{ module, trials: cluster(at) }] : [],
  )
  return put.toSorted((a, b) => Number(a.module === 'k3s_agent') - Number(b.module === 'k3s_agent'))
}

/** Booted to the end: an address that is still tried out would be a difference that nobody made. */
export async function atRest({ name }: LabHost): Promise<void> {
  const ran = await lab.exec(name, bootedToTheEnd)
  if (ran.code !== 0) throw new Error(`${name} does not come to rest: ${ran.stdout}${ran.stderr}`)
}

const bootedToTheEnd = `
n=150
up() { if command -v systemctl >/dev/null; then systemctl is-system-running 2>&1; else echo running; fi; }
until case $(up) in running|degraded) ${addressed} ;; *) false ;; esac; do
  n=$((n-1)); [ $n -gt 0 ] || { up; ip -6 addr; exit 1; }; sleep 0.2
done`

/** A fresh host of that name. */
export async function freshWorld(name: string): Promise<RemoteWorld> {
  await lab.up(1, { names: [name] })
  await lab.reset([name])
  const host = await lab.host(name)
  await atRest(host)
  return openRemote(host)
}
