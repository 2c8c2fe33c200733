import { OMIT } from '../core/omit.ts'
import { Secret } from '../core/secret.ts'
import type { Value } from '../core/value.ts'
import { isMap } from './member.ts'

// A Secret is a text; these were numbers, and are numbers again where they are calculated with.
const numbers = new WeakSet<Secret>()

function concealNumber(value: number): Secret {
  const secret = new Secret(String(value))
  numbers.add(secret)
  return secret
}

/** A secret's text, or its number where it was made of one. */
export function opened(secret: Secret): string | number {
  return numbers.has(secret) ? Number(secret.reveal()) : secret.reveal()
}

/** A value with the texts of its secrets in the open: only for what `conceal` closes again. */
export function revealAll(value: Value): Value {
  if (value instanceof Secret) return opened(value)
  return mapParts(value, revealAll)
}

/**
 * What was made from a secret: every text and number in it becomes a Secret. A boolean stays one, so that a condition
 * can be decided and a secret be compared.
 */
export function conceal(value: Value): Value {
  if (typeof value === 'string') return new Secret(value)
  if (typeof value === 'number') return concealNumber(value)
  return mapParts(value, conceal)
}

function mapParts(value: Value, change: (part: Value) => Value): Value {
  if (Array.isArray(value)) return value.map(change)
  // OMIT is known by its identity alone and holds no secret.
  if (!isMap(value) || value === OMIT) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part)]))
}
