import { OMIT } from '../../core/omit.ts'
import { Secret } from '../../core/secret.ts'
import { Unknown } from '../../core/unknown.ts'
import type { Value } from '../../core/value.ts'
import { conceal, opened as openedSecret } from '../conceal.ts'
import { isMap } from '../member.ts'

/** What is no text but was made from a secret, while an expression is at work; it leaves as a Secret. */
export class Tainted {
  readonly value: unknown
  constructor(value: unknown) {
    this.value = value
  }
}

/** A value as the library wants it: whole numbers are its 64-bit integers, all others its doubles. */
export function intoCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  return mapParts(value, intoCel)
}

/** A result as the rest of pitool wants it. Throws a RangeError where an integer has no exact number. */
export function outOfCel(value: unknown): Value {
  if (value instanceof Tainted) return conceal(asText(outOfCel(value.value)))
  if (typeof value === 'bigint') {
    const number = Number(value)
    if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is too large a number`)
    return number
  }
  const plain = value === null || ['boolean', 'number', 'string'].includes(typeof value)
  if (plain || value instanceof Secret || value instanceof Unknown || value === OMIT) return value as Value
  if (Array.isArray(value)) return value.map(outOfCel)
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, outOfCel(part)]))
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
  // Durations, timestamps and the names of types are exact as text.
  return value instanceof Date ? value.toISOString() : String(value).replace(/^Type<(.*)>$/, '$1')
}

function asText(value: Value): Value {
  return typeof value === 'number' ? value : String(value)
}

/** Whether something in it came from a secret. */
export function isTainted(value: unknown): boolean {
  if (value instanceof Secret || value instanceof Tainted) return true
  if (Array.isArray(value)) return value.some(isTainted)
  return isMap(value) && Object.values(value).some(isTainted)
}

export function opened(value: unknown): unknown {
  if (value instanceof Secret) return intoCel(openedSecret(value))
  return value instanceof Tainted ? value.value : mapParts(value, opened)
}

/** What was made from a secret is closed again, but for booleans: a secret may decide a condition. */
export function closed(value: unknown): unknown {
  if (typeof value === 'string') return new Secret(value)
  const open = value === null || typeof value === 'boolean' || value instanceof Unknown
  if (open || value instanceof Secret || value instanceof Tainted) return value
  return Array.isArray(value) || isMap(value) ? mapParts(value, closed) : new Tainted(value)
}

function mapParts(value: unknown, change: (part: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change)
  if (!isMap(value) || value === OMIT) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part)]))
}
