import type { ASTNode } from '@marcbachmann/cel-js'
import { expect, it } from 'vitest'
import { functionCounts, parse } from '../../src/language/cel/library.ts'
import { macroMarks } from '../../src/language/cel/macros.ts'
import { expressionTexts, expressionVars, unreachable } from './expression-cases.ts'
import { evaluate } from './texts.ts'

interface Used {
  readonly operators: Set<string>
  /** `name/count`, what stands before the dot included. */
  readonly calls: Set<string>
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}

function collect(value: unknown, used: Used): void {
  if (Array.isArray(value)) for (const part of value) collect(part, used)
  if (!isNode(value)) return
  used.operators.add(value.op)
  if (value.op === 'call') used.calls.add(`${value.args[0]}/${value.args[1].length}`)
  if (value.op === 'rcall') used.calls.add(`${value.args[0]}/${value.args[2].length + 1}`)
  collect(value.args, used)
}

const used: Used = { operators: new Set(), calls: new Set() }
for (const text of expressionTexts) collect(parse(text), used)

/** A new operator of the library is a type error here. */
const operators: { readonly [op in ASTNode['op']]: 'tried' | 'not in the language' } = {
  value: 'tried',
  id: 'tried',
  '.': 'tried',
  '[]': 'tried',
  call: 'tried',
  rcall: 'tried',
  list: 'tried',
  map: 'tried',
  '?:': 'tried',
  '||': 'tried',
  '&&': 'tried',
  '!_': 'tried',
  '-_': 'tried',
  '!=': 'tried',
  '==': 'tried',
  in: 'tried',
  '+': 'tried',
  '-': 'tried',
  '*': 'tried',
  '/': 'tried',
  '%': 'tried',
  '<': 'tried',
  '<=': 'tried',
  '>': 'tried',
  '>=': 'tried',
  '.?': 'not in the language',
  '[?]': 'not in the language',
}

it('each function has a case', () => {
  const all = [...functionCounts()].flatMap(([name, counts]) => [...counts].map(count => `${name}/${count}`))
  const reachable = all.filter(call => !unreachable.includes(call.split('/')[0]!))
  expect(reachable.filter(call => !used.calls.has(call))).toEqual([])
  expect(reachable.length).toBeGreaterThan(40)
})

it('each macro has a case', () => {
  const marks = macroMarks.map(mark => mark.replace(/\d+$/, count => String(Number(count) + 1)))
  expect(marks.filter(mark => !used.calls.has(mark))).toEqual([])
})

it('each operator has a case', () => {
  const tried = Object.entries(operators).flatMap(([operator, how]) => (how === 'tried' ? [operator] : []))
  expect(tried.filter(operator => !used.operators.has(operator))).toEqual([])
})

it.each([...expressionTexts])('%s is an expression', text => {
  expect(() => evaluate(text, expressionVars)).not.toThrow()
})
