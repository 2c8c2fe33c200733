import type { OffsetMap } from '../../language/node.ts'

export interface Written {
  /** The file's text. */
  readonly source: string
  /** Where the scalar's content begins and ends in it, without quotes. */
  readonly start: number
  readonly end: number
  readonly quotes?: 'single' | 'double' | undefined
}

/**
 * Where each character of a decoded scalar stands in its file: both are walked side by side, and what YAML took away
 * (indentation, folded line breaks, escapes) is stepped over.
 */
export function offsetMap(value: string, written: Written): OffsetMap {
  const { source, start, end } = written
  if (source.slice(start, start + value.length) === value) return offset => start + Math.min(offset, value.length)
  let table: Uint32Array | undefined
  return offset => {
    table ??= align(value, written)
    return table[Math.min(offset, value.length)] ?? end
  }
}

function align(value: string, written: Written): Uint32Array {
  const { source, end } = written
  const table = new Uint32Array(value.length + 1)
  let at = written.start
  for (let i = 0; i < value.length; i++) {
    const char = value[i]!
    // The second half of a character that was written as one escape.
    if (/[\udc00-\udfff]/.test(char) && source[at] !== char) {
      table[i] = at
      continue
    }
    at = arrive(char, at, written)
    table[i] = at
    const escaped = escapeAt(at, written)
    if (escaped) at += escaped.means.startsWith(char) ? escaped.length : 0
    else at = isSpace(char) && source[at] !== char ? skipSpace(source, at, end) : at + 1
    if (at > end) at = end
  }
  table[value.length] = at
  return table
}

/** Steps over what stands in the file before a character but is not part of the value. */
function arrive(char: string, from: number, written: Written): number {
  for (let at = from; ; ) {
    const next = nextAfter(char, at, written)
    if (next === at) return at
    at = next
  }
}

function nextAfter(char: string, at: number, written: Written): number {
  const { source, end } = written
  const escaped = escapeAt(at, written)
  // A backslash at the end of a line takes the line break away, and the next line's indentation.
  if (escaped?.means === '\n' && escaped.length < 2) return skipSpace(source, at + 1, end)
  if (isSpace(char)) return at
  // Escaped space that an earlier line break was taken for.
  if (escaped) return isSpace(escaped.means) ? at + escaped.length : at
  return source[at] === char ? at : skipSpace(source, at, end)
}

interface Escape {
  readonly length: number
  readonly means: string
}

const meanings: { readonly [letter: string]: string } = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  v: '\v',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
}
const hexDigits: { readonly [letter: string]: number } = { x: 2, u: 4, U: 8 }

/** The escape that begins here; one of a line break has length 1, since what follows it is skipped as space. */
function escapeAt(at: number, { source, quotes }: Written): Escape | undefined {
  if (quotes === 'single') return source.startsWith("''", at) ? { length: 2, means: "'" } : undefined
  if (quotes !== 'double' || source[at] !== '\\') return undefined
  const letter = source[at + 1] ?? ''
  if (letter === '\n' || letter === '\r') return { length: 1, means: '\n' }
  const digits = hexDigits[letter]
  if (digits === undefined) return { length: 2, means: meanings[letter] ?? letter }
  const code = Number.parseInt(source.slice(at + 2, at + 2 + digits), 16)
  return { length: 2 + digits, means: code <= 0x10ffff ? String.fromCodePoint(code) : '' }
}

function skipSpace(source: string, from: number, end: number): number {
  let at = from
  while (at < end && isSpace(source[at]!)) at++
  return at
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r'
}
