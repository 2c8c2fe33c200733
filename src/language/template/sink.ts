import { OMIT } from '../../core/omit.ts'
import { containsSecret, Secret, type Text } from '../../core/secret.ts'
import type { Span } from '../../core/span.ts'
import { findUnknown, type Unknown } from '../../core/unknown.ts'
import type { Value } from '../../core/value.ts'
import { revealAll } from '../conceal.ts'
import { mistake } from '../mistakes.ts'
import { toText } from '../text.ts'

// Beyond these a template is a mistake, not a file: characters written, and rounds of all loops together.
const mostText = 64 * 1024 * 1024
const mostRounds = 1_000_000

/** Where a rendering's text gathers. One Unknown makes the whole Unknown, one Secret the whole a Secret. */
export class Sink {
  readonly #parts: string[] = []
  #size = 0
  #rounds = 0
  #secret = false
  #unknown: Unknown | undefined

  put(text: string, span: Span): void {
    this.#size += text.length
    if (this.#size > mostText) throw mistake('wrong-value', 'the text is larger than 64 MiB', { span })
    if (this.#unknown === undefined) this.#parts.push(text)
  }

  write(value: Value, span: Span): void {
    if (value === OMIT)
      throw mistake('wrong-value', 'omit cannot be part of a text', { span, hint: 'let it stand alone' })
    const unknown = findUnknown(value)
    if (unknown !== undefined) {
      this.taint(unknown)
      return
    }
    const secret = containsSecret(value)
    this.#secret ||= secret
    this.put(toText(secret ? revealAll(value) : value), span)
  }

  taint(unknown: Unknown): void {
    this.#unknown ??= unknown
    this.#parts.length = 0
  }

  round(span: Span): void {
    if (++this.#rounds > mostRounds)
      throw mistake('wrong-value', `the loops run more than ${mostRounds} times`, { span })
  }

  result(): Text | Unknown {
    if (this.#unknown !== undefined) return this.#unknown
    const text = this.#parts.join('')
    return this.#secret ? new Secret(text) : text
  }
}
