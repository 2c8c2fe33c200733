import { inspect } from 'node:util'
import { formsOf } from './secret-forms.ts'

const shown = '<secret>'
const spoken = new Set<string>()
const known = new Set<string>()
let longestFirst: readonly string[] | undefined

/**
 * A text that is shown nowhere. Printing, joining, JSON and inspection give `<secret>`; only `reveal` gives the text,
 * and only the wire and the 0600 file it is meant for call it.
 */
export class Secret {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
    if (known.has(text)) return
    known.add(text)
    for (const form of formsOf(text)) spoken.add(form)
    longestFirst = undefined
  }
  reveal(): string {
    return this.#text
  }
  /** A secret made from this one (a part, a trimmed form …) is a secret too. */
  map(change: (text: string) => string): Secret {
    return new Secret(change(this.#text))
  }
  toString(): string {
    return shown
  }
  toJSON(): string {
    return shown
  }
  [Symbol.toPrimitive](): string {
    return shown
  }
  [inspect.custom](): string {
    return shown
  }
}

export type Text = string | Secret

export function reveal(text: Text): string {
  return text instanceof Secret ? text.reveal() : text
}

/** Joins texts; one secret part makes the whole a secret. */
export function join(parts: readonly Text[]): Text {
  const text = parts.map(reveal).join('')
  return parts.some(part => part instanceof Secret) ? new Secret(text) : text
}

export function containsSecret(value: unknown): boolean {
  if (value instanceof Secret) return true
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false
  return Object.values(value).some(containsSecret)
}

/** Whether a secret of this process stands in it, in whatever form it is likely written. */
export function tellsSecret(text: string): boolean {
  for (const form of spoken) if (text.includes(form)) return true
  return false
}

/** What a host or library said, with every secret of this process blotted out, in whatever form it is likely written. */
export function mask(text: string): string {
  // The longest first: a line of a secret must not be taken out of the whole.
  longestFirst ??= [...spoken].sort((a, b) => b.length - a.length)
  let masked = text
  for (const form of longestFirst) if (masked.includes(form)) masked = masked.replaceAll(form, shown)
  return masked
}

/** JSON with every text in it masked before it is written, so that no escape hides a secret and no mask breaks the JSON. */
export function maskedJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_, part: unknown) => maskedPart(part), indent) ?? ''
}

function maskedPart(part: unknown): unknown {
  if (typeof part === 'string') return mask(part)
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
  return Object.fromEntries(Object.entries(part).map(([name, inner]) => [mask(name), inner]))
}
