import { type Random, randomFrom } from '../random.ts'

/** What is fed with what makes no sense. */
export interface Target {
  readonly name: string
  /** So many tries go together, where one alone would cost a process. */
  readonly batch?: number
  /** The part that it gets of the tries asked for. */
  readonly share: number
  open(): Opened
}

export interface Opened {
  /** One try for each source of choices. Throws where anything is not as it must be. */
  attempt(randoms: readonly Random[]): void
  close?(): void
}

/** A target whose tries have nothing in common. */
export function plain(name: string, share: number, attempt: (random: Random) => void): Target {
  return { name, share, open: () => ({ attempt: ([random]) => attempt(random as Random) }) }
}

export interface Orders {
  /** Try number i has the seed `seed + i`: each can be repeated alone. */
  readonly seed: number
  readonly tries: number
  /** After each batch: how many are done. */
  done?(tries: number): void
}

export function triesOf({ share }: Target, tries: number): number {
  return Math.max(20, Math.ceil(tries * share))
}

/** Throws at the first try that fails, with the words that repeat it alone. */
export function fuzz(target: Target, { seed, tries, done }: Orders): void {
  const { batch = 1 } = target
  const opened = target.open()
  try {
    for (let at = 0; at < tries; at += batch) {
      const length = Math.min(batch, tries - at)
      attempt(target, opened, seed + at, length)
      done?.(at + length)
    }
  } finally {
    opened.close?.()
  }
}

function attempt(target: Target, opened: Opened, seed: number, count: number): void {
  const from = (first: number, length: number) => Array.from({ length }, (_, i) => randomFrom(first + i))
  try {
    opened.attempt(from(seed, count))
  } catch (error) {
    if (count === 1) throw new Error(failed(target.name, seed, 1, error))
    // Which of them was it?
    for (let i = 0; i < count; i++) attempt(target, opened, seed + i, 1)
    throw new Error(failed(target.name, seed, count, error))
  }
}

function failed(name: string, seed: number, tries: number, error: unknown): string {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `${again(name, seed, tries)}\n${why}`
}

/** The command that tries the same once more. */
export function again(name: string, seed: number, tries: number): string {
  return `npm run fuzz -- --only '${name}' --seed ${seed} --exactly ${tries}`
}
