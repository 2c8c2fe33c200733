import type { Span } from '../core/span.ts'
import type { OffsetMap } from './node.ts'

/** The place in the user's file of a stretch of a text, by offsets into the text. */
export type Locate = (start: number, end: number) => Span

/** Maps exactly where the text stands in the file as it is, in quotes or not; else everything is the whole span. */
export function locator(text: string, span: Span, offsets?: OffsetMap): Locate {
  const map = offsets ?? verbatim(text, span)
  if (map === undefined) return () => span
  // Mapping the last character, not the end, keeps a stretch from swallowing the fold that follows it.
  return (start, end) => ({ source: span.source, start: map(start), end: end > start ? map(end - 1) + 1 : map(start) })
}

function verbatim(text: string, { source, start, end }: Span): OffsetMap | undefined {
  const written = source.text.slice(start, end)
  if (written === text) return offset => start + offset
  const quoted = written.length === text.length + 2 && written.slice(1, -1) === text
  return quoted ? offset => start + 1 + offset : undefined
}
