import type { Value } from '../../core/value.ts'
import { describe } from '../describe.ts'
import { isMap, member } from '../member.ts'
import { list, map, text, whole } from './arguments.ts'
import { equal, order } from './equal.ts'
import { BadArgument, type Helper } from './helper.ts'

type Run = (args: readonly Value[]) => Value | undefined

function of(name: string, usage: string, summary: string, run: Run): Helper {
  const count = usage.split(' ').length - 1
  return { name, usage: `{{${usage}}}`, summary, takes: [count, count], reads: 'deep', run }
}

function shallow(helper: Helper, most: number = helper.takes[1]): Helper {
  return { ...helper, reads: 'shallow', takes: [helper.takes[0], most] }
}

const longestRange = 100_000

/** Helpers over lists and maps. */
export const listHelpers: readonly Helper[] = [
  shallow(of('length', 'length x', 'How many items, keys or characters.', ([x]) => length(x))),
  shallow(of('first', 'first list', 'The first item.', ([items]) => list(items)[0])),
  shallow(of('last', 'last list', 'The last item.', ([items]) => list(items).at(-1))),
  shallow(of('lookup', 'lookup map key', 'The part of a map or list, by one key or several.', lookup), 10),
  shallow(of('keys', 'keys map', 'The keys of a map, as a list.', ([x]) => Object.keys(map(x)))),
  shallow(of('values', 'values map', 'The values of a map, as a list.', ([x]) => Object.values(map(x)))),
  shallow(
    of('merge', 'merge a b', 'One map of several; the last one wins.', args => merge(args)),
    20,
  ),
  shallow(
    of('concat', 'concat a b', 'One list of several, all items kept.', args => args.flatMap(list)),
    20,
  ),
  {
    ...of('union', 'union a b', 'One list of several, each item once.', args => unique(args.flatMap(list))),
    takes: [2, 20],
  },
  of('difference', 'difference a b', 'The items of the first list that are not in the second.', ([a, b]) => {
    const others = list(b)
    return list(a).filter(item => !others.some(other => equal(item, other)))
  }),
  of('unique', 'unique list', 'Each item once, in order.', ([items]) => unique(list(items))),
  of('sort', 'sort list', 'Numbers by size, or texts by their characters.', ([items]) => [...list(items)].sort(order)),
  of('contains', 'contains x part', 'Whether a list has the item, a text the part, a map the key.', ([x, part]) =>
    contains(x, part),
  ),
  {
    ...of('range', 'range 0 5', 'The numbers from … up to, not including, …; a third is the step.', range),
    takes: [1, 3],
  },
]

function length(x: Value | undefined): number {
  if (typeof x === 'string') return [...x].length
  if (Array.isArray(x)) return x.length
  if (isMap(x)) return Object.keys(x).length
  throw new BadArgument('wrong-type', `wants a list, a map or a string, got ${describe(x ?? null)}`)
}

function lookup([from, ...keys]: readonly Value[]): Value | undefined {
  let at: unknown = from
  for (const key of keys) at = at === undefined ? undefined : member(at, typeof key === 'number' ? key : text(key))
  return at as Value | undefined
}

function merge(maps: readonly Value[]): Value {
  return Object.fromEntries(maps.flatMap(each => Object.entries(map(each))))
}

function unique(items: readonly Value[]): Value {
  const kept = new Map<string, Value[]>()
  return items.filter(item => {
    // Equal items have equal marks; the few that share one are compared.
    const mark = typeof item === 'object' ? 'object' : `${typeof item} ${item}`
    const seen = kept.get(mark) ?? []
    kept.set(mark, seen)
    return !seen.some(other => equal(item, other)) && seen.push(item) > 0
  })
}

function contains(x: Value | undefined, part: Value | undefined): boolean {
  if (typeof x === 'string') return x.includes(text(part))
  if (isMap(x)) return Object.hasOwn(x, text(part))
  return list(x).some(item => equal(item, part ?? null))
}

function range(args: readonly Value[]): Value {
  const [from, to] = args.length === 1 ? [0, whole(args[0])] : [whole(args[0]), whole(args[1])]
  const step = args[2] === undefined ? 1 : whole(args[2])
  const count = step === 0 ? Number.POSITIVE_INFINITY : Math.max(0, Math.ceil((to - from) / step))
  if (count > longestRange) throw new BadArgument('wrong-value', `a range may have ${longestRange} numbers`)
  return Array.from({ length: count }, (_, i) => from + i * step)
}
