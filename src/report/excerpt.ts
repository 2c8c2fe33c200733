import { position, type Span } from '../core/span.ts'
import type { Palette } from './palette.ts'
import { visible } from './sanitise.ts'

const widest = 140
const tab = '  '

/** The line a span stands in, with carets below; nothing when the source is empty there. */
export function excerpt(span: Span, paint: Palette): readonly string[] {
  if (span.source.hidden) return []
  const { line, column } = position(span)
  const text = span.source.text.split('\n')[line - 1]?.replace(/\r$/, '') ?? ''
  if (text.trim() === '') return []
  const from = Math.max(0, Math.min(column - 1, text.length))
  const to = Math.max(from, Math.min(from + span.end - span.start, text.length))
  const shown = cut(text, from)
  const number = String(line)
  const gutter = ' '.repeat(number.length)
  const pad = ' '.repeat(width(shown.lead + text.slice(shown.start, from)))
  const room = width(text.slice(from, Math.min(to, shown.start + widest)))
  return [
    paint.dim(`${number} | `) + visible(expand(shown.text)),
    paint.dim(`${gutter} | `) + pad + paint.bad('^'.repeat(Math.max(1, room))),
  ]
}

/** A window on a very long line, so that the caret is in it. */
function cut(text: string, at: number): { text: string; start: number; lead: string } {
  if (text.length <= widest) return { text, start: 0, lead: '' }
  const start = Math.max(0, Math.min(at - widest / 2, text.length - widest))
  const lead = start > 0 ? '…' : ''
  const tail = start + widest < text.length ? '…' : ''
  return { text: lead + text.slice(start, start + widest) + tail, start, lead }
}

function expand(text: string): string {
  return text.replaceAll('\t', tab)
}

const double =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u
const none = /\p{Mn}|\p{Cf}/u

/** Columns on a terminal. */
function width(text: string): number {
  let columns = 0
  for (const char of visible(expand(text))) columns += none.test(char) ? 0 : double.test(char) ? 2 : 1
  return columns
}
