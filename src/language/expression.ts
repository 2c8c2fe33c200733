import { type ASTNode, ParseError } from '@marcbachmann/cel-js'
import { type Diagnostic, Mistake } from '../core/diagnostic.ts'
import type { Span } from '../core/span.ts'
import { compileNode } from './cel/compile.ts'
import { habitOf } from './cel/habits.ts'
import { parse } from './cel/library.ts'
import { demand, type Here, type Unit } from './cel/piece.ts'
import { outOfCel } from './cel/value.ts'
import { type Locate, locator } from './locate.ts'
import { mistake } from './mistakes.ts'
import type { OffsetMap } from './node.ts'
import type { Expression } from './scope.ts'

/**
 * Compiles a CEL expression of the project's files. `offsets` maps the text's characters into the file where the text
 * does not stand there as it is. Throws a Mistake with everything that is wrong.
 */
export function compileExpression(text: string, span: Span, offsets?: OffsetMap): Expression {
  const locate = locator(text, span, offsets)
  if (text.length > longest || chained.test(text)) throw new Mistake(tooLong(span))
  const unit: Unit = { text, locate, references: [], problems: [] }
  const here: Here = { unit, bound: new Set(), guards: new Set() }
  const piece = compileNode(parseExpression(text, locate), here)
  if (unit.problems.length > 0) throw new Mistake(...unit.problems)
  return {
    kind: 'expression',
    span,
    text,
    references: unit.references,
    evaluate(scope) {
      const value = demand(piece, { scope, locals: {}, rounds: { count: 0 } })
      try {
        return outOfCel(value)
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        throw mistake('wrong-value', error.message, { span: piece.span })
      }
    },
  }
}

// A chain of so many operators is read by recursion.
const longest = 5000
const chained = /(?:!\s*){50}|(?:\.\w+\s*){50}/

function tooLong(span: Span): Diagnostic {
  const message = `an expression may have ${longest} characters, and 50 members or ! in a row`
  return { code: 'expression-syntax', message, span, hint: 'put its parts into variables' }
}

function parseExpression(text: string, locate: Locate): ASTNode {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    throw new Mistake(habit(text, locate) ?? syntax(text, { error, locate }))
  }
}

function habit(text: string, locate: Locate): Diagnostic | undefined {
  const found = habitOf(text)
  if (found === undefined) return undefined
  const { start, end, message, ours } = found
  const hint = readable(ours) ? `write ${ours}` : 'write && || ! == in, has(x), default(x, y), size(x), x.matches("…")'
  return { code: 'jinja-habit', message, span: locate(start, end), hint }
}

function readable(text: string): boolean {
  try {
    return parse(text) !== undefined
  } catch {
    return false
  }
}

function syntax(text: string, { error, locate }: { error: ParseError; locate: Locate }): Diagnostic {
  if (text.trim() === '') {
    return {
      code: 'expression-syntax',
      message: 'an empty expression',
      span: locate(0, text.length),
      hint: 'write true or leave it out',
    }
  }
  const start = Math.min(error.range?.start ?? 0, text.length)
  const end = Math.max(start, Math.min(error.range?.end ?? start, text.length))
  const ended = error.summary.includes('EOF')
  const message = ended ? 'the expression ends too early' : `cannot read this: ${lower(error.summary)}`
  const hint = ended ? 'close its brackets and strings' : 'write a condition such as x == "y" && has(z)'
  return { code: 'expression-syntax', message, span: locate(start, end), hint }
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
