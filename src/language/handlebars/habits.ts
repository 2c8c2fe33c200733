import { rules } from './habit-rules.ts'
import type { Mustache, Scan } from './scan.ts'

/** A way of writing that belongs to Jinja, its stretch of the text, and ours. */
export interface Habit {
  readonly start: number
  readonly end: number
  readonly message: string
  readonly hint: string
}

const statements =
  'if|elif|else|endif|for|endfor|set|endset|raw|endraw|block|endblock|macro|endmacro|include|import|from|extends|filter'
const statement = new RegExp(`\\{%[-+]?\\s*(${statements})\\b([^%]*)%\\}`, 'g')

const ours: { readonly [statement: string]: (rest: string) => string } = {
  if: rest => `write {{#if ${rest || 'x'}}} … {{/if}}`,
  elif: rest => `write {{else if ${rest || 'x'}}}`,
  else: () => 'write {{else}}',
  endif: () => 'write {{/if}}',
  for: rest => `write {{#each ${/\bin\s+(\S+)/.exec(rest)?.[1] ?? 'list'}}} {{this}} {{/each}}`,
  endfor: () => 'write {{/each}}',
  raw: () => 'write {{{{raw}}}} … {{{{/raw}}}}',
  endraw: () => 'write {{{{/raw}}}}',
}

/** Jinja's statements in the texts between mustaches. */
export function statementHabits({ texts }: Scan): readonly Habit[] {
  return texts.flatMap(({ start, text }) => statementsIn(text, start))
}

function statementsIn(text: string, offset: number): Habit[] {
  return [...text.matchAll(statement)].map(({ 0: whole, 1: word = '', 2: rest = '', index }) => ({
    start: offset + index,
    end: offset + index + whole.length,
    message: `{% ${word} %} is Jinja; templates here are Handlebars`,
    hint: ours[word]?.(rest.trim().replace(/-$/, '').trim()) ?? 'put it into the variables of the playbook',
  }))
}

/** The Jinja spelling inside one mustache that is not Handlebars; undefined where there is none. */
export function mustacheHabit({ inner, innerStart }: Mustache): Habit | undefined {
  // What stands in strings and in [segments] is no code; its length is kept for the places.
  const code = inner.replace(/"[^"]*"|'[^']*'|\.\[[^\]]*\]|\bas\s*\|[^|]*\|/g, part => '\0'.repeat(part.length))
  for (const { pattern, message, hint } of rules) {
    const found = pattern.exec(code)
    if (found === null) continue
    const written = groupsIn(inner, pattern, found)
    const start = innerStart + found.index
    return { start, end: start + found[0].trimEnd().length, message, hint: hint(written).replaceAll('\0', '…') }
  }
  return undefined
}

/** The match once more with its strings as written. */
function groupsIn(inner: string, pattern: RegExp, found: RegExpExecArray): RegExpExecArray {
  const sticky = new RegExp(pattern.source, 'y')
  sticky.lastIndex = found.index
  return sticky.exec(inner) ?? found
}
