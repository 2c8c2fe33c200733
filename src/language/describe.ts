import { Secret } from '../core/secret.ts'
import { Unknown } from '../core/unknown.ts'
import { isMap } from './member.ts'

/** A value's kind in words, never the value: it may be a secret. */
export function describe(value: unknown): string {
  if (value === null) return 'null'
  if (value instanceof Unknown) return 'not known yet'
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Secret || typeof value === 'string') return 'a string'
  if (typeof value === 'number' || typeof value === 'bigint') return 'a number'
  if (typeof value === 'boolean') return 'a boolean'
  return isMap(value) ? 'a map' : 'a value of another kind'
}
