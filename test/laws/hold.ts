import fc, { type Arbitrary } from 'fast-check'
import { type Evidence, gather } from './evidence.ts'
import type { End, Parts } from './play.ts'
import { rules } from './rules/index.ts'
import type { Breach, Law } from './rules/rule.ts'
import { keep, type Noted, type Tally } from './tally.ts'
import type { Part, Trial } from './trial.ts'
import type { World } from './world.ts'

export interface Holding {
  readonly world: World
  readonly parts: Parts
  readonly tally: Tally
  readonly tries: number
  /** Seconds after which no further try begins. */
  readonly within?: number
}

/** How often a law is put to each module: `PITOOL_LAWS_TRIES`, else many in a full run. */
export function triesOf(few: number): number {
  return Number(process.env.PITOOL_LAWS_TRIES ?? (full ? 200 : few))
}

/** `PITOOL_LAWS=full` tries long and by chance; otherwise the same tries every time, so that a red test stays red. */
export const full = process.env.PITOOL_LAWS === 'full'
/** Seconds after which no further try of a module begins. */
export const moduleSeconds = Number(process.env.PITOOL_LAWS_SECONDS ?? 600)
/** Beyond that a try at work ends, and a failure is made smaller. */
export const patience = { timeout: (full ? moduleSeconds + 300 : 300) * 1000 }
export const seed = Number(process.env.PITOOL_LAWS_SEED ?? (full ? Date.now() % 0x7fffffff : 20260413))

export function breachesOf(seen: Evidence): readonly Breach[] {
  return rules.flatMap(({ law, breaches }) => breaches(seen).map(what => ({ law, what })))
}

/** What one try showed. */
export interface Looked extends Omit<Noted, 'broken'> {
  readonly breaches: readonly Breach[]
  /** The same of each of its parts, where it has some. */
  readonly parts?: readonly (Noted & { readonly module: string })[]
}

/** How the trials of one module are tried. */
export interface HoldingEach<T> {
  readonly tally: Tally
  /** How often each of its laws is to be put; what says nothing about one does not count. */
  readonly tries: number
  /** Seconds after which no further try begins. */
  readonly within?: number
  look(trial: T): Promise<Looked>
}

/** Check, run, second run and last check of generated plays. */
export async function hold(module: string, trials: Arbitrary<Trial>, holding: Holding): Promise<void> {
  const { world, parts, ...rest } = holding
  await holdEach(module, trials, {
    ...rest,
    look: async trial => {
      const seen = await gather(world, parts, trial)
      return { ...noted(seen), breaches: breachesOf(seen) }
    },
  })
}

/** As many times more tries, at most, make up for those that say nothing about a law. */
const most = full ? 4 : 1

/** Tries generated trials until one breaks a law; that one is made as small as it gets, and told. */
export async function holdEach<T>(module: string, trials: Arbitrary<T>, holding: HoldingEach<T>): Promise<void> {
  const { tally, tries, within = moduleSeconds, look } = holding
  const end = performance.now() + within * 1000
  let broken: readonly Breach[] = []
  const put = new Set<string>()
  const enough = () => put.size > 0 && broken.length === 0 && [...put].every(one => tally.least(one) >= tries)
  const property = fc.asyncProperty(trials, async trial => {
    // A time limit of fast-check's own would leave a try at work behind, in the way of what comes next.
    if (performance.now() > end || enough()) return
    const looked = await look(trial).catch(error => {
      // A smaller trial that cannot be made at all is no smaller failure.
      if (broken.length > 0) return undefined
      throw error
    })
    if (looked === undefined) return
    const { breaches, parts, ...seen } = looked
    const notes = parts ?? [{ ...seen, module, broken: breaches.map(({ law }) => law) }]
    // While it is made smaller the same failure would be counted again and again.
    for (const { module, ...note } of broken.length === 0 ? notes : []) {
      put.add(module)
      tally.note(module, note)
    }
    if (breaches.length === 0) return
    broken = breaches
    throw new Error(breaches.map(({ law, what }) => `${law}: ${what}`).join('\n'))
  })
  const result = await fc.check(property, { numRuns: tries * most, seed })
  if (!result.failed) return
  const told = failure(module, result)
  keep(told)
  throw new Error(told)
}

function noted(seen: Evidence): Omit<Looked, 'breaches'> {
  const { trial } = seen
  const secret = Object.keys(trial.secrets ?? {}).length > 0
  if (trial.parts === undefined) return ended(seen, { own: () => true, secret, failed: ({ ignored }) => !ignored })
  const breaches = breachesOf(seen)
  const parts = trial.parts.map(({ module, prefix, failing, secret, folder }) => {
    const own = ({ task }: End) => String(task.name).startsWith(prefix)
    const failed = ({ task }: End) => !failing.includes(String(task.name))
    // What names no part may be any's.
    const mine = breaches.filter(({ what }) => {
      const names = (one: Part) => what.includes(one.prefix) || what.includes(`${one.folder}/`)
      return names({ module, prefix, failing, secret, folder }) || !trial.parts!.some(names)
    })
    return { module, ...ended(seen, { own, secret, failed }), broken: mine.map(({ law }) => law) }
  })
  return { ...ended(seen, { own: () => true, secret, failed: () => false }), parts }
}

interface Share {
  /** The ends that are its. */
  own(end: End): boolean
  /** Whether it counts that it failed. */
  failed(end: End): boolean
  readonly secret: boolean
}

function ended({ check, run, trial }: Evidence, { own, failed, secret }: Share): Omit<Noted, 'broken'> {
  const ends = run.ends.filter(own)
  const has = (status: string) => ends.some(end => end.status === status && failed(end))
  const vague = check.ends.filter(own).some(end => end.status === 'unknown' || end.assumed !== undefined)
  const ended = has('failed') ? 'failed' : has('changed') ? 'changed' : 'ok'
  const last: readonly Law[] = ended === 'failed' ? ['L3', 'said'] : trial.fights ? ['L3'] : []
  return { ended, vague, untried: [...last, ...(secret ? [] : ['L5' as const])] }
}

function failure<T>(module: string, result: fc.RunDetails<[T]>): string {
  const { counterexample, counterexamplePath, errorInstance, numShrinks } = result
  const trial = (counterexample ?? [])[0] as Partial<Trial> | undefined
  const found = trial?.found === undefined ? '' : `\nfound:\n${trial.found}`
  return [
    `${module} breaks a law (PITOOL_LAWS_SEED=${result.seed}, path ${counterexamplePath}, made smaller ${numShrinks} times)`,
    told(errorInstance),
    `trial: ${JSON.stringify({ ...trial, found: undefined }, undefined, 1)}${found}`,
  ].join('\n')
}

function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}\n${told(error.cause)}\n${error.stack}`
}
