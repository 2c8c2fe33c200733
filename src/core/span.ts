/** A text the user wrote, and where it came from. */
export interface Source {
  /** Path as shown to the user, relative to the project where possible. */
  readonly file: string
  readonly text: string
  /** It was encrypted: places in it are told, its lines are shown nowhere. */
  readonly hidden?: boolean | undefined
}

/** A stretch of a source: offsets in UTF-16 code units, `end` exclusive. */
export interface Span {
  readonly source: Source
  readonly start: number
  readonly end: number
}

/** Line and column, both counted from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

export function position({ source, start }: Span): Position {
  const before = source.text.slice(0, start)
  const newline = before.lastIndexOf('\n')
  return { line: before.split('\n').length, column: start - newline }
}

/** `file:line:column`, the form editors and terminals make clickable. */
export function place(span: Span): string {
  const { line, column } = position(span)
  return `${span.source.file}:${line}:${column}`
}

/** A span inside another, by offsets relative to its start. */
export function within(span: Span, start: number, end: number): Span {
  return { source: span.source, start: span.start + start, end: span.start + end }
}
