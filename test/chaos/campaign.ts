import { type Arena, playOf, raiseTwin, type Trial, type Twin, trialOf, tryFault } from './trial.ts'

export interface Campaign {
  readonly faults: number
  readonly seed: number
  /** One play for all of them; else another one every few faults. */
  readonly playSeed?: number | undefined
  /** One kind of fault; else all in turn. */
  readonly kind?: string | undefined
  /** No new fault is begun after so many. */
  readonly seconds: number
  say(line: string): void
}

export interface Outcome {
  readonly tried: number
  /** What was not survived, with the words that repeat it. */
  readonly failures: readonly string[]
}

/** A twin costs as much as a fault: so many faults share one. */
const faultsAPlay = 7

export async function campaign(arena: Arena, orders: Campaign): Promise<Outcome> {
  const end = performance.now() + orders.seconds * 1000
  const twins = new Map<string, Twin>()
  const failures: string[] = []
  let tried = 0
  while (tried < orders.faults && performance.now() < end) {
    const seed = orders.seed + tried
    const trial = trialOf(seed, orders.playSeed ?? seed - (tried % faultsAPlay), orders.kind)
    const told = await one(arena, twins, trial)
    tried += 1
    const shown = `${trial.kind.kind.padEnd(12)} seed ${seed} play ${trial.playSeed}: ${told.text}`
    orders.say(told.broken.length === 0 ? `ok      ${shown}` : `BROKEN  ${shown}`)
    if (told.broken.length === 0) continue
    const again = `npm run chaos -- --faults 1 --seed ${seed} --play ${trial.playSeed} --kind ${trial.kind.kind}`
    failures.push([again, ...told.broken].join('\n'))
    orders.say(failures.at(-1)!)
  }
  return { tried, failures }
}

async function one(arena: Arena, twins: Map<string, Twin>, trial: Trial) {
  const play = playOf(trial)
  const key = `${trial.playSeed} ${play.root}`
  try {
    const twin = twins.get(key) ?? (await raiseTwin(arena, play))
    twins.set(key, twin)
    const { fault, exit, ms, broken, looks } = await tryFault(arena, twin, trial)
    const text = `${fault}; exit ${exit} after ${Math.round(ms)} ms of ${Math.round(twin.usual.ms)}, ${looks} looks`
    return { text, broken }
  } catch (error) {
    return {
      text: 'could not be tried',
      broken: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    }
  }
}
