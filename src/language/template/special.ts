import { Mistake } from '../../core/diagnostic.ts'
import { Unknown } from '../../core/unknown.ts'
import type { Value } from '../../core/value.ts'
import type { Frame } from './frame.ts'
import { truth } from './truth.ts'
import { demand, type Piece } from './unit.ts'

/** A helper that decides itself which of its arguments are looked at. */
export interface Special {
  readonly name: string
  readonly summary: string
  readonly usage: string
  readonly takes: readonly [number, number]
  readonly options?: readonly string[]
  /** How many of its arguments may be undefined, counted from the first. */
  guarded(count: number): number
  find(args: readonly Piece[], frame: Frame, options: { readonly [name: string]: Value }): Value | undefined
}

const noneGuarded = () => 0

const list: readonly Special[] = [
  {
    name: 'default',
    summary: 'The first argument that is defined; with `empty=true`, that is not empty either.',
    usage: '{{default x "y"}}',
    takes: [2, 20],
    options: ['empty'],
    guarded: count => count - 1,
    find(args, frame, { empty }) {
      for (const arg of args.slice(0, -1)) {
        const value = arg.find(frame)
        if (value !== undefined && (empty !== true || truth(value) !== false)) return value
      }
      return args.at(-1)?.find(frame)
    },
  },
  {
    name: 'has',
    summary: 'Whether it is defined.',
    usage: '{{has x}}',
    takes: [1, 1],
    guarded: () => 1,
    find: ([arg], frame) => arg!.present(frame),
  },
  {
    name: 'and',
    summary: 'Whether all are true; the first that is not decides.',
    usage: '{{and a b}}',
    takes: [2, 20],
    guarded: noneGuarded,
    find: (args, frame) => decide(args, frame, false),
  },
  {
    name: 'or',
    summary: 'Whether one is true; the first that is decides.',
    usage: '{{or a b}}',
    takes: [2, 20],
    guarded: noneGuarded,
    find: (args, frame) => decide(args, frame, true),
  },
  {
    name: 'not',
    summary: 'Whether it is not true.',
    usage: '{{not a}}',
    takes: [1, 1],
    guarded: noneGuarded,
    find([arg], frame) {
      const is = truth(demand(arg!, frame))
      return is instanceof Unknown ? is : !is
    },
  },
  {
    name: 'ternary',
    summary: 'The second argument if the first is true, else the third.',
    usage: '{{ternary condition a b}}',
    takes: [3, 3],
    guarded: noneGuarded,
    find([condition, yes, no], frame) {
      const is = truth(demand(condition!, frame))
      return is instanceof Unknown ? is : demand(is ? yes! : no!, frame)
    },
  },
]

/** Looks at the arguments in turn until one settles the question; what is Unknown settles nothing. */
function decide(args: readonly Piece[], frame: Frame, settled: boolean): boolean | Unknown {
  let open: Unknown | undefined
  for (const arg of args) {
    const is = open === undefined ? truth(demand(arg, frame)) : tolerant(arg, frame, open)
    if (is === settled) return settled
    if (is instanceof Unknown) open ??= is
  }
  return open ?? !settled
}

/** After an Unknown, an argument may be one that the run never looks at: its mistake is not one yet. */
function tolerant(arg: Piece, frame: Frame, open: Unknown): boolean | Unknown {
  try {
    return truth(demand(arg, frame))
  } catch (error) {
    if (error instanceof Mistake) return open
    throw error
  }
}

/** The helpers that look at their arguments lazily, by name. */
export const specials: ReadonlyMap<string, Special> = new Map([
  ...list.map(special => [special.name, special] as const),
  ...list
    .filter(({ name }) => name === 'has')
    .map(special => ['exists', { ...special, name: 'exists', usage: '{{exists x}}' }] as const),
])
