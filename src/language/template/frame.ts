import type { Value } from '../../core/value.ts'
import type { Scope } from '../scope.ts'

/** Where a rendering stands: the variables, or inside a block, its item. */
export interface Frame {
  readonly scope: Scope
  /** The block around; absent outside all. */
  readonly up?: Frame
  /** The item of `#each`, the value of `#with`. */
  readonly value: Value
  /** `@index`, `@key`, `@first`, `@last` of an `#each`. */
  readonly data: { readonly [name: string]: Value }
  /** What the names of `as |item index|` stand for. */
  readonly params: readonly Value[]
}

export function rootFrame(scope: Scope): Frame {
  return { scope, value: null, data: {}, params: [] }
}

export function above(frame: Frame, levels: number): Frame {
  let at = frame
  for (let i = 0; i < levels; i++) at = at.up ?? at
  return at
}
