import { Secret } from '../../core/secret.ts'
import { Unknown } from '../../core/unknown.ts'
import type { Value } from '../../core/value.ts'
import { isMap } from '../member.ts'

/** What `#if` holds for true: everything but false, null, 0, and empty texts, lists and maps. */
export function truth(value: Value): boolean | Unknown {
  if (value instanceof Unknown) return value
  if (value instanceof Secret) return value.reveal() !== ''
  if (Array.isArray(value)) return value.length > 0
  return isMap(value) ? Object.keys(value).length > 0 : Boolean(value)
}
