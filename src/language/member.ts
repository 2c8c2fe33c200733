import { Secret } from '../core/secret.ts'
import { Unknown } from '../core/unknown.ts'

/**
 * A part of a map or list; undefined where there is none. Own properties only: nothing of JavaScript's is reachable.
 * A list also has its `length`.
 */
export function member(whole: unknown, key: string | number): unknown {
  if (whole instanceof Unknown) return whole
  if (Array.isArray(whole)) return key === 'length' ? whole.length : item(whole, key)
  return isMap(whole) && Object.hasOwn(whole, key) ? whole[key] : undefined
}

function item(list: readonly unknown[], key: string | number): unknown {
  const index = typeof key === 'number' ? key : /^\d+$/.test(key) ? Number(key) : -1
  return Number.isInteger(index) && index >= 0 ? list[index] : undefined
}

/** A row of a table, by a name the user wrote. */
export function row<T>(table: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

export function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  if (value instanceof Secret || value instanceof Unknown) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
