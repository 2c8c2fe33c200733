import type { Span } from '../core/span.ts'
import type { Value } from '../core/value.ts'

/** The variables a template or expression sees. Values may be computed at their first look. */
export interface Scope {
  has(name: string): boolean
  /** undefined: not defined. May throw a Mistake (a variable whose own template is wrong). */
  get(name: string): Value | undefined
  /** For "did you mean". */
  names(): Iterable<string>
}

/** A variable that a text reads: its root name, the path below where it is literal, and where it stands. */
export interface Reference {
  readonly root: string
  readonly path: readonly (string | number)[]
  readonly span: Span
  /** Guarded by `has(…)`, `default`, `#if`: no mistake when it is undefined. */
  readonly guarded: boolean
  /** The likely cure where the variable is undefined: `lower` alone is meant as a helper. */
  readonly hint?: string | undefined
}

/** A compiled Handlebars text. A text that is one expression keeps its value's type. */
export interface Template {
  readonly kind: 'template'
  readonly span: Span
  readonly references: readonly Reference[]
  /** Unknown in, Unknown out; Secret in, Secret out. Throws a Mistake with the place. */
  render(scope: Scope): Value
}

/** A compiled CEL expression. */
export interface Expression {
  readonly kind: 'expression'
  readonly span: Span
  /** As the user wrote it. */
  readonly text: string
  readonly references: readonly Reference[]
  /** Three-valued: Unknown where it cannot be told. Integers come back as numbers. Throws a Mistake with the place. */
  evaluate(scope: Scope): Value
}

/** YAML with its strings compiled, its shape and places kept. */
export type Tree =
  | { readonly kind: 'value'; readonly value: Value; readonly span: Span }
  | Template
  | { readonly kind: 'list'; readonly items: readonly Tree[]; readonly span: Span }
  | {
      readonly kind: 'map'
      readonly entries: ReadonlyMap<string, Tree>
      readonly keys: ReadonlyMap<string, Span>
      readonly span: Span
    }
