import { RE2JS } from 're2js'

/** A pattern that cannot be used, in words for the user. */
export class PatternError extends Error {
  readonly hint: string | undefined
  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

export interface Match {
  readonly start: number
  readonly end: number
  /** By number or name; '' where it took no part. */
  group(name: number | string): string
}

/** Finds all matches, left to right. */
export interface Pattern {
  find(text: string): Match | undefined
  all(text: string): readonly Match[]
}

/**
 * A regular expression in Python's spelling as far as RE2 has it: linear in the text whatever the pattern, hence no
 * look-around and no back-references within the pattern.
 */
export function pattern(source: string, { multiline = false } = {}): Pattern {
  const compiled = compile(source, multiline)
  return { find: text => scan(compiled, text, 1)[0], all: text => scan(compiled, text, Number.POSITIVE_INFINITY) }
}

function compile(source: string, multiline: boolean): RE2JS {
  try {
    // Python's \Z is RE2's \z.
    return RE2JS.compile(source.replace(/((?:^|[^\\])(?:\\\\)*)\\Z/g, '$1\\z'), multiline ? RE2JS.MULTILINE : 0)
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error)
    const backtracks = /\\[1-9]|\(\?<?[=!]/.test(source)
    const hint = 'patterns are RE2: no look-around and no back-references, so that none can hang'
    throw new PatternError(`bad pattern: ${why}`, backtracks ? hint : undefined)
  }
}

function scan(compiled: RE2JS, text: string, limit: number): readonly Match[] {
  const matcher = compiled.matcher(text)
  const found: Match[] = []
  while (found.length < limit && matcher.find()) {
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? '')
    const named = compiled.namedGroups() as { readonly [name: string]: number }
    const group = (name: number | string): string => {
      const index = typeof name === 'number' ? name : named[name]
      const value = index === undefined ? undefined : groups[index]
      if (value === undefined) throw new PatternError(`the pattern has no group ${name}`)
      return value
    }
    found.push({ start: matcher.start(), end: matcher.end(), group })
  }
  return found
}

/** What a replacement stands for: `\1`, `\g<1>`, `\g<name>` and Python's escapes. */
export function expand(replacement: string, match: Match): string {
  return replacement.replace(
    /\\(?:(\d\d?)|g<(\w+)>|([\\ntr]))/g,
    (_, digits?: string, name?: string, special?: string) => {
      if (special !== undefined) return { n: '\n', t: '\t', r: '\r', '\\': '\\' }[special] ?? special
      const asked = digits ?? name ?? ''
      return match.group(/^\d+$/.test(asked) ? Number(asked) : asked)
    },
  )
}
