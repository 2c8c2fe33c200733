import type { Secret } from './secret.ts'
import type { Unknown } from './unknown.ts'

/** Whatever a variable, argument or registered result can hold. */
export type Value =
  | null
  | boolean
  | number
  | string
  | Secret
  | Unknown
  | readonly Value[]
  | { readonly [key: string]: Value }

export type Vars = { readonly [name: string]: Value }

/** `Array.isArray` that keeps the elements' type. */
export function isList<Element>(value: readonly Element[] | unknown): value is readonly Element[] {
  return Array.isArray(value)
}
