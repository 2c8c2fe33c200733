import type { Value } from '../core/value.ts'

/** A known value as text stands it in: nothing for null, JSON for lists and maps. */
export function toText(value: Value): string {
  if (typeof value === 'string') return value
  if (value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
