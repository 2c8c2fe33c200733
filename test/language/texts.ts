import { type Diagnostic, Mistake } from '../../src/core/diagnostic.ts'
import type { Span } from '../../src/core/span.ts'
import type { Value, Vars } from '../../src/core/value.ts'
import { compileExpression, compileTemplate, varsScope } from '../../src/language/index.ts'

/** A text as it would stand in a file, between quotes on its second line. */
export function placed(text: string): Span {
  const before = '---\nkey: "'
  const source = { file: 'site.yml', text: `${before}${text}"\n` }
  return { source, start: before.length, end: before.length + text.length }
}

export function render(text: string, vars: Vars = {}): Value {
  return compileTemplate(text, placed(text)).render(varsScope(vars))
}

export function evaluate(text: string, vars: Vars = {}): Value {
  return compileExpression(text, placed(text)).evaluate(varsScope(vars))
}

/** What is wrong, each as `code "stretch"`, its hint apart. */
export function mistakesOf(work: () => unknown): readonly Diagnostic[] {
  try {
    work()
  } catch (error) {
    if (error instanceof Mistake) return error.diagnostics
    throw error
  }
  return []
}

export function stretch({ span }: Diagnostic): string | undefined {
  return span?.source.text.slice(span.start, span.end)
}
