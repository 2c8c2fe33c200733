import type { Code } from '../../core/codes.ts'
import type { Diagnostic, Mistake } from '../../core/diagnostic.ts'
import type { Span } from '../../core/span.ts'
import type { Unknown } from '../../core/unknown.ts'
import type { Value } from '../../core/value.ts'
import type { Loc } from '../handlebars/ast.ts'
import type { Locate } from '../locate.ts'
import type { Reference } from '../scope.ts'
import type { Frame } from './frame.ts'

/** One template while it is compiled: its places, and what is found on the way. */
export interface Unit {
  readonly text: string
  readonly locate: Locate
  offset(position: Loc['start']): number
  readonly references: Reference[]
  readonly problems: Diagnostic[]
}

/** Where in the text a node stands: in which block, and what is known to be defined there. */
export interface Here {
  readonly unit: Unit
  readonly up?: Here
  readonly block: 'root' | 'each' | 'with'
  /** Names of `as |item index|`. */
  readonly params: readonly string[]
  readonly guards: ReadonlySet<string>
  /** Directly an argument of `default` or `has`: may be undefined. */
  readonly guarded?: boolean
}

/** A compiled part that has a value. */
export interface Piece {
  readonly span: Span
  /** undefined: there is no such thing. */
  find(frame: Frame): Value | undefined
  /** Why `find` found nothing. */
  missing(frame: Frame): Mistake
  /** Whether it is there, its value aside. */
  present(frame: Frame): boolean | Unknown
}

/** The value. Throws a Mistake where there is none. */
export function demand(piece: Piece, frame: Frame): Value {
  const value = piece.find(frame)
  if (value === undefined) throw piece.missing(frame)
  return value
}

export function newUnit(text: string, locate: Locate): Unit {
  let lines: number[] | undefined
  const offset = ({ line, column }: Loc['start']) => {
    lines ??= [0, ...[...text.matchAll(/\r\n?|\n/g)].map(found => found.index + found[0].length)]
    return (lines[line - 1] ?? text.length) + column
  }
  return { text, locate, offset, references: [], problems: [] }
}

export function spanOf(unit: Unit, loc: Loc): Span {
  return unit.locate(unit.offset(loc.start), unit.offset(loc.end))
}

export function problem(unit: Unit, code: Code, { message, span, hint }: Omit<Diagnostic, 'code'>): void {
  unit.problems.push({ code, message, span, hint })
}

/** Stands where a problem was found; it never runs, since the template is refused. */
export function broken(span: Span): Piece {
  const missing = (): never => {
    throw new Error('a template with problems was rendered')
  }
  return { span, find: missing, missing, present: missing }
}

export function outer(here: Here, levels: number): Here | undefined {
  let at: Here | undefined = here
  for (let i = 0; i < levels; i++) at = at?.up
  return at
}
