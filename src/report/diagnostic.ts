import type { Diagnostic } from '../core/diagnostic.ts'
import { place } from '../core/span.ts'
import { excerpt } from './excerpt.ts'
import type { Palette } from './palette.ts'
import { clip, oneLine, sanitise } from './sanitise.ts'

const longestMessage = 2000
const longestCause = 4000

export interface DiagnosticStyle {
  readonly paint: Palette
  readonly level?: 'error' | 'warning'
  /** Leave out the host and task, where the lines around say them. */
  readonly bare?: boolean
}

/** One diagnostic as lines: message, place, source line with carets, host, cause, cure. */
export function renderDiagnostic(diagnostic: Diagnostic, style: DiagnosticStyle): readonly string[] {
  const { paint } = style
  const level = style.level ?? 'error'
  const word = level === 'error' ? paint.bad(paint.bold('error')) : paint.changed(paint.bold('warning'))
  const [first = '', ...more] = clip(sanitise(diagnostic.message), longestMessage).trimEnd().split('\n')
  return [
    `${word}${paint.dim(`[${diagnostic.code}]`)}: ${paint.bold(first)}`,
    ...more.map(line => `  ${line}`),
    ...where(diagnostic, style),
    ...field('cause', diagnostic.cause, paint.dim),
    ...field('hint', diagnostic.hint, paint.note),
  ]
}

/** Several, a blank line between them, the same one only once; ends with a newline. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], style: DiagnosticStyle): string {
  const texts = diagnostics.map(diagnostic => renderDiagnostic(diagnostic, style).join('\n'))
  return [...new Set(texts)].map(text => `${text}\n`).join('\n')
}

function where(diagnostic: Diagnostic, { paint, bare }: DiagnosticStyle): readonly string[] {
  const { span, host, task } = diagnostic
  const lines: string[] = []
  if (span) lines.push(`  ${paint.dim('at')} ${oneLine(place(span))}`, ...excerpt(span, paint).map(line => `  ${line}`))
  if (!bare && host !== undefined) lines.push(`  ${paint.dim('host:')} ${oneLine(host)}`)
  if (!bare && task !== undefined) lines.push(`  ${paint.dim('task:')} ${oneLine(task)}`)
  return lines
}

function field(name: string, text: string | undefined, paint: (text: string) => string): readonly string[] {
  if (text === undefined || text.trim() === '') return []
  const [first = '', ...more] = clip(sanitise(text).trim(), longestCause).split('\n')
  const indent = ' '.repeat(name.length + 2)
  return [`  ${paint(`${name}:`)} ${first}`, ...more.map(line => `  ${indent}${line}`)]
}
