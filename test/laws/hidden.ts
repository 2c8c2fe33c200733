import { spawnSync } from 'node:child_process'
import { inspect } from 'node:util'
import { modules } from '../../src/modules/index.ts'
import type { LabHost } from '../lab/lab.ts'
import type { Put } from './batch.ts'
import { canaries, leak, reported } from './canaries.ts'
import { exempt } from './coverage.ts'
import type { Looked } from './hold.ts'
import { type Parts, playOf, type Ran } from './play.ts'
import type { RemoteWorld } from './remote.ts'
import { resolved } from './rules/as-said.ts'
import { holdsSecret } from './rules/no-leak.ts'
import type { Breach } from './rules/rule.ts'
import { placed, type Trial } from './trial.ts'

const common = 'canary-1f7d0b'
const canaryOf = (module: string) => `${common}-${module.replaceAll('_', '-')}-e5`
// What a command prints is a value that later tasks may need as it is; who shows it masks it.
const printing = new Set(['command', 'shell'])

/** The same modules with a secret in one text of each: those have a canary of their own each. */
export function withSecrets(put: readonly Put[]): readonly Put[] {
  return put.flatMap(({ module: name, trials }) => {
    const module = modules.find(one => one.name === name)
    if (!module || Object.hasOwn(exempt.L5, name)) return []
    const planted = { variable: `canary_${name}`, text: canaryOf(name) }
    return [{ module: name, trials: canaries(module, trials, false, planted).map(({ trial }) => trial) }]
  })
}

/** L5 on a booted host: whatever becomes of the tasks, nothing that is told has a canary, and no file but its destination. */
export async function breachesOnHost(world: RemoteWorld, parts: Parts, trial: Trial): Promise<Looked> {
  const here = placed(trial, world.root)
  await world.prepare(here.found, here.served)
  const play = playOf(world, parts, here)
  const runs: Ran[] = []
  try {
    for (const check of [true, false, false]) runs.push(await play.run(check))
  } finally {
    play.close()
  }
  const shares = (here.parts ?? []).map(({ module, prefix, folder }) => {
    const secret = canaryOf(module)
    const own = runs.flatMap(({ ends }) => ends.filter(({ task }) => String(task.name).startsWith(prefix)))
    const told = runs.flatMap(ran => [...spoken(ran, module), ...reported(ran.events)])
    const breaches: readonly Breach[] = told.flatMap(text => leak(text, `${prefix}it is told`, secret))
    const ended = own.some(({ status }) => status === 'failed') ? 'failed' : 'changed'
    return { module, prefix, folder, ended, breaches } as const
  })
  const strewn = strayed(world, (await world.lasting!()).files, { runs, touches: here.touches ?? [] })
  const breaches = [...shares.flatMap(one => one.breaches), ...strewn]
  return {
    ended: 'changed',
    vague: false,
    breaches,
    parts: shares.map(({ module, ended, folder }) => {
      const broken = breaches.filter(({ what }) => what.includes(canaryOf(module)) || what.includes(folder))
      const planted = Object.hasOwn(here.secrets ?? {}, `canary_${module}`)
      return { module, ended, vague: false, untried: planted ? [] : ['L5'], broken: broken.map(({ law }) => law) }
    }),
  }
}

function spoken({ events, journal }: Ran, module: string): readonly string[] {
  const inside = printing.has(module) ? [journal] : [events, journal]
  return [JSON.stringify(inside), inspect(inside, { depth: 12, maxStringLength: null })]
}

interface Wrote {
  readonly runs: readonly Ran[]
  readonly touches: readonly string[]
}

/** Files of the host with a canary that no change with a secret wrote. */
function strayed(
  { host }: RemoteWorld,
  files: Parameters<typeof resolved>[0]['files'],
  { runs, touches }: Wrote,
): readonly Breach[] {
  const at = { all: new Map(), files, areas: [] }
  const changes = runs.flatMap(({ ends }) => ends.flatMap(end => end.changes))
  const meant = new Set(changes.filter(holdsSecret).flatMap(({ diff }) => [diff.subject, resolved(at, diff.subject)]))
  const accounts = changes.some(({ kind }) => kind === 'user.set') ? ['/etc/shadow', '/etc/shadow-'] : []
  return holding(host)
    .filter(path => !meant.has(path) && !accounts.includes(path))
    .filter(path => !touches.some(one => path === one || path.startsWith(`${one}/`)))
    .map(path => ({ law: 'L5', what: `${path} holds it, which no change with a secret wrote` }))
}

/** All files of the host with a canary, those that it keeps in memory and its journal too; not those of the kernel. */
function holding({ pid }: LabHost): readonly string[] {
  const options = ['-rlaFs', '-D', 'skip', '--exclude-dir=proc', '--exclude-dir=sys', '-e', common]
  // What the image brings has none; all that was written since is in these.
  const folders = ['etc', 'home', 'opt', 'root', 'run', 'srv', 'tmp', 'usr/local', 'var', 'boot', 'dev/shm']
  const ran = spawnSync('grep', [...options, ...folders], {
    cwd: `/proc/${pid}/root`,
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  if (ran.error) throw ran.error
  return ran.stdout.split('\n').flatMap(path => (path === '' ? [] : [`/${path}`]))
}
