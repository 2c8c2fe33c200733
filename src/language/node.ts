import type { Secret } from '../core/secret.ts'
import type { Span } from '../core/span.ts'

/** Where a character of a scalar's text stands in its file: both offsets in UTF-16 code units. */
export type OffsetMap = (offset: number) => number

/** One scalar of YAML, with its place. */
export interface ScalarNode {
  readonly kind: 'scalar'
  readonly value: null | boolean | number | string | Secret
  /** As written, quotes included. */
  readonly span: Span
  /** Written without quotes and not as a block. */
  readonly plain?: boolean | undefined
  /** `!unsafe`: never compiled, whatever braces it holds. */
  readonly literal?: boolean | undefined
  /** Absent where the text cannot be mapped: mistakes then name the whole scalar. */
  readonly offsets?: OffsetMap | undefined
}

export interface ListNode {
  readonly kind: 'list'
  readonly items: readonly Node[]
  readonly span: Span
}

export interface MapEntry {
  readonly key: string
  readonly keySpan: Span
  readonly value: Node
}

export interface MapNode {
  readonly kind: 'map'
  readonly entries: readonly MapEntry[]
  readonly span: Span
}

/** YAML with its places, aliases and merges resolved; the playbook room makes it, this room compiles it. */
export type Node = ScalarNode | ListNode | MapNode
