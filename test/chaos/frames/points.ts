import type { Direction } from '../../lab/proxy.ts'
import { type Random, randomFrom } from '../random.ts'
import type { Boundary, Moment } from './strike.ts'
import { type Victim, victims } from './victims.ts'

/** Where whom is struck: at a frame's boundary, so many ms after it came, or after so many bytes. */
export type Point =
  | { readonly victim: Victim; readonly boundary: number; readonly moment: Moment; readonly wait: number }
  | { readonly victim: Victim; readonly direction: Direction; readonly bytes: number }

/** What a run that nobody strikes goes through. */
export interface Course {
  readonly boundaries: readonly Boundary[]
  readonly bytes: Readonly<Record<Direction, number>>
}

export interface Wanted {
  readonly seed: number
  readonly victims: readonly Victim[]
  /** How many random bytes for each victim and direction. */
  readonly bytes: number
}

/** All of them, well mixed: whatever time there is, all parts of the play are struck. */
export function pointsOf({ boundaries, bytes }: Course, wanted: Wanted): readonly Point[] {
  const random = randomFrom(wanted.seed)
  const points = wanted.victims.flatMap((victim): Point[] => [
    ...boundaries.map(({ number, moment, frame }) => {
      const wait = waitFor(random.branch(`${victim} ${number}`), boundaries, { number, moment, frame })
      return { victim, boundary: number, moment, wait }
    }),
    ...(['up', 'down'] as const).flatMap(direction => {
      const from = random.branch(`${victim} ${direction}`)
      return Array.from({ length: wanted.bytes }, () => ({ victim, direction, bytes: from.whole(1, bytes[direction]) }))
    }),
  ])
  return shuffled(random.branch('order'), points)
}

/** What was sent is struck at once, or anywhere on the way to its answer. */
function waitFor(
  random: Random,
  boundaries: readonly Boundary[],
  { number, moment, frame }: Pick<Boundary, 'number' | 'moment' | 'frame'>,
): number {
  if (moment !== 'sent' || random.chance(0.3)) return 0
  const sent = boundaries[number - 1]!.ms
  const answered = boundaries.find(other => other.frame === frame && other.moment === 'answered')?.ms ?? sent
  return random.whole(0, Math.min(2000, Math.round(answered - sent)))
}

function shuffled<T>(random: Random, list: readonly T[]): readonly T[] {
  return list
    .map(one => ({ one, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one)
}

/** The words that strike there again. */
export function wordsOf(point: Point): string {
  const { victim } = point
  if ('bytes' in point) return `${victim},${point.direction},${point.bytes}`
  return `${victim},${point.moment},${point.boundary},${point.wait}`
}

export function pointFrom(words: string): Point {
  const [who, where, number, wait] = words.split(',')
  const victim = victims.find(one => one === who)
  if (!victim) throw new Error(`no victim '${who}'; there are: ${victims.join(', ')}`)
  if (where === 'up' || where === 'down') return { victim, direction: where, bytes: Number(number) }
  return { victim, boundary: Number(number), moment: where as Moment, wait: Number(wait ?? 0) }
}
