import type { Value } from '../../core/value.ts'
import { describe } from '../describe.ts'
import { isMap } from '../member.ts'
import { BadArgument } from './helper.ts'

/** Deep equality of known values; the order of a map's keys does not count. */
export function equal(a: Value, b: Value): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((part, i) => equal(part, b[i]!))
  if (isMap(a) && isMap(b)) {
    const keys = Object.keys(a)
    const same = (key: string) => Object.hasOwn(b, key) && equal(a[key] as Value, b[key] as Value)
    return keys.length === Object.keys(b).length && keys.every(same)
  }
  return Object.is(a, b) || (a === 0 && b === 0)
}

/** Equality that a person asks for: a number and a string are never the same, and asking is a mistake. */
export function equalKinds(a: Value, b: Value): boolean {
  const [left, right] = [describe(a), describe(b)]
  if (left === right || a === null || b === null) return equal(a, b)
  const hint = left === 'a number' || right === 'a number' ? { hint: 'make a number of the string: (int x)' } : {}
  throw new BadArgument('wrong-type', `compares ${left} with ${right}`, hint)
}

/** Below, equal or above zero, for two numbers or two strings (by code units: the same on every machine). */
export function order(a: Value | undefined, b: Value | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  const [left, right] = [describe(a ?? null), describe(b ?? null)]
  throw new BadArgument('wrong-type', `orders two numbers or two strings, got ${left} and ${right}`, {
    hint: 'make numbers of strings: (int x)',
  })
}
