import { mask } from '../core/secret.ts'

// Control characters, and those that turn the reading direction: what a host says must not move the cursor,
// hide text or pretend to be us.
const unsafe = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** Text from anywhere, made fit for a terminal: secrets blotted out, control characters written out. Newline and tab stay. */
export function sanitise(text: string): string {
  return mask(text).replace(/\r\n/g, '\n').replace(unsafe, written)
}

/** The same in one line. */
export function oneLine(text: string): string {
  return sanitise(text)
    .trim()
    .replace(/\s*\n\s*/g, ' ⏎ ')
    .replace(/\t/g, ' ')
}

/** Like `sanitise`, but a carriage return at the end of a line is seen: a diff may be about nothing else. */
export function visible(line: string): string {
  return mask(line).replace(unsafe, written)
}

/** At most `length` characters, saying how many are left out. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length - length} more characters)`
}

function written(char: string): string {
  const code = char.codePointAt(0) ?? 0
  if (char === '\r') return '\\r'
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
