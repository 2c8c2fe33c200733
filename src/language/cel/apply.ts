import { TypeError as CelTypeError, EvaluationError } from '@marcbachmann/cel-js'
import type { Mistake } from '../../core/diagnostic.ts'
import type { Span } from '../../core/span.ts'
import { findUnknown } from '../../core/unknown.ts'
import { describe } from '../describe.ts'
import { mistake } from '../mistakes.ts'
import { matches, RegexError } from '../regex.ts'
import { callText, operatorText, run, type Signature } from './library.ts'
import { closed, isTainted, opened } from './value.ts'

/** An operator between two values. */
export function applyOperator(operator: string, args: readonly unknown[], span: Span): unknown {
  return guarded({ args, span, said: `"${operator}"` }, open => {
    if (operator === '==' || operator === '!=') checkKinds(open[0], open[1], span)
    if (operator === 'in') checkItems(open[0], open[1], span)
    return run(operatorText(operator), open)
  })
}

export function applyNegative(value: unknown, span: Span): unknown {
  return guarded({ args: [value], span, said: '"-"' }, open => run('-a0', open))
}

/** A function of values. `size` counts what it does not look into. */
export function applyFunction(signature: Signature, args: readonly unknown[], span: Span): unknown {
  const { name } = signature
  if (name === 'size' && Array.isArray(args[0])) return BigInt(args[0].length)
  const text = callText(signature)
  return guarded({ args, span, said: name }, open => (name === 'matches' ? regex(open, span) : run(text, open)))
}

const onSecret = ' on a secret'

interface Call {
  readonly args: readonly unknown[]
  readonly span: Span
  readonly said: string
}

/** Unknown in, Unknown out; what comes of a secret is closed again; the library's complaints become ours. */
function guarded({ args, span, said }: Call, work: (open: readonly unknown[]) => unknown): unknown {
  const unknown = findUnknown(args)
  if (unknown !== undefined) return unknown
  const secret = args.some(isTainted)
  const open = secret ? args.map(opened) : args
  try {
    const result = work(open)
    return secret ? closed(result) : result
  } catch (error) {
    throw explained(error, { args: open, span, said: secret ? said + onSecret : said })
  }
}

function explained(error: unknown, { args, span, said }: Call): unknown {
  const ours = error instanceof EvaluationError || error instanceof CelTypeError
  const secret = said.endsWith(onSecret)
  if (error instanceof RegexError) {
    const detail = error.detail === undefined || secret ? '' : `: ${error.detail}`
    return mistake('wrong-value', error.message + detail, { span, hint: error.hint })
  }
  // JavaScript's own, of a text that is no JSON or no time zone; its words quote the text.
  if (error instanceof SyntaxError || error instanceof RangeError) {
    return mistake('wrong-value', `${said}: the text does not fit`, { span })
  }
  if (!ours) return error
  if (/overload|no_such_key/.test(error.code)) {
    const kinds = args.map(describe).join(' and ')
    return mistake('wrong-type', `${said} does not take ${kinds}`, {
      span,
      hint: said.startsWith('"in"') ? 'a part of a text: x.contains(y)' : conversion(args),
    })
  }
  // The library's words may hold the value.
  const why = secret ? 'the text does not fit' : error.summary
  return mistake('wrong-value', `${said}: ${why}`, { span })
}

function conversion(args: readonly unknown[]): string | undefined {
  const kinds = args.map(describe)
  if (!kinds.includes('a string') || !kinds.includes('a number')) return undefined
  return 'int(x) makes a number of a string, string(x) a string of a number'
}

function checkKinds(a: unknown, b: unknown, span: Span): void {
  const [left, right] = [describe(a), describe(b)]
  if (left !== right && a !== null && b !== null) throw differs(left, right, span)
}

/** An item of another kind than all that are there is a mistake, not an absence. */
function checkItems(item: unknown, list: unknown, span: Span): void {
  if (!Array.isArray(list) || list.length === 0 || item === null) return
  const kinds = new Set(list.filter(each => each !== null).map(describe))
  if (kinds.size > 0 && !kinds.has(describe(item))) throw differs(describe(item), [...kinds].join(' and '), span)
}

const cures: { readonly [kinds: string]: string } = {
  'a number,a string': 'make a number of the string: int(x)',
  'a boolean,a string': 'write true or false without quotes, or make a boolean of the string: bool(x)',
}

function differs(left: string, right: string, span: Span): Mistake {
  const hint = cures[[left, right].sort().join()]
  return mistake('wrong-type', `compares ${left} with ${right}`, { span, hint })
}

function regex([text, pattern]: readonly unknown[], span: Span): boolean {
  if (typeof text === 'string' && typeof pattern === 'string') return matches(text, pattern)
  throw mistake('wrong-type', `matches takes two strings, got ${describe(text)} and ${describe(pattern)}`, { span })
}
