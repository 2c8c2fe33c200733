import { Mistake } from '../core/diagnostic.ts'

/** A mistake in the command line itself. */
export function usage(message: string, hint?: string): Mistake {
  return new Mistake({ code: 'usage', message, ...(hint === undefined ? {} : { hint }) })
}

/** The options of a command as parsed. A scalar given twice: the last one counts. */
export class Flags {
  readonly #parsed: Readonly<Record<string, unknown>>
  constructor(parsed: Readonly<Record<string, unknown>>) {
    this.#parsed = parsed
  }

  on(name: string): boolean {
    return this.#last(name) === true
  }

  text(name: string): string | undefined {
    const value = this.#last(name)
    if (value === undefined) return undefined
    const text = String(value)
    if (text === '') throw usage(`--${name} needs a value`)
    return text
  }

  number(name: string, least: number): number | undefined {
    const value = this.#last(name)
    if (value === undefined) return undefined
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least)
      throw usage(`--${name} must be a whole number, ${least} or more`)
    return value
  }

  /** Every mention, in order. */
  list(name: string): readonly string[] {
    const value = this.#parsed[name]
    return value === undefined ? [] : [value].flat().map(String)
  }

  /** Every mention, split at commas. */
  words(name: string): readonly string[] {
    return this.list(name).flatMap(text =>
      text
        .split(',')
        .map(word => word.trim())
        .filter(word => word !== ''),
    )
  }

  count(name: string): number {
    const value = this.#last(name)
    return typeof value === 'number' ? value : 0
  }

  choice<const Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const text = this.text(name)
    const choice = choices.find(known => known === text)
    if (text !== undefined && choice === undefined)
      throw usage(`--${name} must be ${choices.join(' or ')}, not ${text}`)
    return choice
  }

  #last(name: string): unknown {
    const value = this.#parsed[name]
    return Array.isArray(value) ? value.at(-1) : value
  }
}
