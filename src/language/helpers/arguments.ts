import type { Value } from '../../core/value.ts'
import { describe } from '../describe.ts'
import { isMap } from '../member.ts'
import { BadArgument } from './helper.ts'

/** A text; numbers and booleans count as the text they are written as. */
export function text(value: Value | undefined): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new BadArgument('wrong-type', `wants a string, got ${describe(value ?? null)}`)
}

export function number(value: Value | undefined): number {
  if (typeof value === 'number') return value
  const hint = typeof value === 'string' ? { hint: 'make a number of it: (int x) or (float x)' } : {}
  throw new BadArgument('wrong-type', `wants a number, got ${describe(value ?? null)}`, hint)
}

export function whole(value: Value | undefined): number {
  const given = number(value)
  if (Number.isSafeInteger(given)) return given
  throw new BadArgument('wrong-value', 'wants a whole number', { detail: String(given) })
}

export function list(value: Value | undefined): readonly Value[] {
  if (Array.isArray(value)) return value
  throw new BadArgument('wrong-type', `wants a list, got ${describe(value ?? null)}`)
}

export function map(value: Value | undefined): { readonly [key: string]: Value } {
  if (isMap(value)) return value as { readonly [key: string]: Value }
  throw new BadArgument('wrong-type', `wants a map, got ${describe(value ?? null)}`)
}
