import { RE2JS } from 're2js'

/** A pattern or a text that cannot be matched, in words for the user. */
export class RegexError extends Error {
  /** May quote the pattern, which may be a secret. */
  readonly detail: string | undefined
  readonly hint: string | undefined
  constructor(message: string, more: { detail?: string; hint?: string | undefined } = {}) {
    super(message)
    this.detail = more.detail
    this.hint = more.hint
  }
}

// The engine is linear; the bounds keep its constant small, since nothing else runs meanwhile.
const longestPattern = 1000
const longestText = 1024 * 1024
const kept = 200
const compiled = new Map<string, RE2JS>()

/** Whether the pattern matches anywhere in the text. Linear in the text, whatever the pattern. */
export function matches(text: string, pattern: string): boolean {
  return compile(pattern).matcher(bounded(text)).find()
}

/** Replaces every match; `\1` or `\g<name>` in the replacement stands for a group, as in Python. */
export function replaceMatches(text: string, pattern: string, replacement: string): string {
  const matcher = compile(pattern).matcher(bounded(text))
  const parts: string[] = []
  let end = 0
  while (matcher.find()) {
    parts.push(
      text.slice(end, matcher.start()),
      expand(replacement, group => matcher.group(group)),
    )
    end = matcher.end()
  }
  return parts.join('') + text.slice(end)
}

function expand(replacement: string, group: (name: string | number) => string | null): string {
  return replacement.replace(/\\(?:(\d)|g<(\w+)>|(\\))/g, (_, digit?: string, name?: string) => {
    if (digit === undefined && name === undefined) return '\\'
    const asked = digit ?? name ?? ''
    try {
      return group(/^\d+$/.test(asked) ? Number(asked) : asked) ?? ''
    } catch {
      throw new RegexError('the pattern has no such group', { detail: asked })
    }
  })
}

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern)
  if (known !== undefined) return known
  if (pattern.length > longestPattern) throw new RegexError(`a pattern may have ${longestPattern} characters`)
  if (compiled.size >= kept) compiled.clear()
  const fresh = parse(pattern)
  compiled.set(pattern, fresh)
  return fresh
}

function parse(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error)
    const backtracks = /\\[1-9]|\(\?<?[=!]/.test(pattern)
    const hint = 'patterns are RE2: no look-around and no back-references, so that none can hang'
    throw new RegexError('bad pattern', { detail: why, hint: backtracks ? hint : undefined })
  }
}

function bounded(text: string): string {
  if (text.length > longestText) throw new RegexError('the text is longer than 1 MiB, too long for a pattern')
  return text
}
