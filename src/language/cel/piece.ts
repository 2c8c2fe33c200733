import type { Diagnostic, Mistake } from '../../core/diagnostic.ts'
import type { Span } from '../../core/span.ts'
import type { Unknown } from '../../core/unknown.ts'
import type { Locate } from '../locate.ts'
import { mistake } from '../mistakes.ts'
import type { Reference, Scope } from '../scope.ts'
import { intoCel } from './value.ts'

/** One expression while it is compiled. */
export interface Unit {
  readonly text: string
  readonly locate: Locate
  readonly references: Reference[]
  readonly problems: Diagnostic[]
}

/** What is known where a node stands. */
export interface Here {
  readonly unit: Unit
  /** Names that macros have bound. */
  readonly bound: ReadonlySet<string>
  readonly guards: ReadonlySet<string>
  /** Directly an argument of `has` or `default`: may be undefined. */
  readonly guarded?: boolean
}

/** One evaluation. */
export interface Bindings {
  readonly scope: Scope
  readonly locals: { readonly [name: string]: unknown }
  readonly rounds: { count: number }
}

/** A compiled part. */
export interface Piece {
  readonly span: Span
  /** Straight from a variable: its whole numbers are not yet the library's. */
  readonly raw?: boolean
  /** undefined: there is no such thing. */
  find(bindings: Bindings): unknown
  missing(bindings: Bindings): Mistake
  present(bindings: Bindings): boolean | Unknown
}

/** The value as the library wants it. Throws a Mistake where there is none. */
export function demand(piece: Piece, bindings: Bindings): unknown {
  const value = piece.find(bindings)
  if (value === undefined) throw piece.missing(bindings)
  return piece.raw === true ? intoCel(value) : value
}

/** A part that always has a value. */
export function total(span: Span, find: (bindings: Bindings) => unknown): Piece {
  const missing = () => mistake('undefined-variable', 'there is no value', { span })
  return { span, find, missing, present: () => true }
}
