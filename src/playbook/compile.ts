import type { Span } from '../core/span.ts'
import { compileExpression, compileTemplate, compileTree } from '../language/index.ts'
import type { Node, ScalarNode } from '../language/node.ts'
import type { Expression, Template, Tree } from '../language/scope.ts'
import {
  hasTemplate,
  isNothing,
  isVariableName,
  type Read,
  type Reading,
  readBoolean,
  readList,
  readNumber,
  written,
  wrongType,
} from './read.ts'

/** Compiles a value with all its parts, keeping the mistakes of every part. */
export const readTree: Read<Tree> = (node, at) => {
  if (node.kind === 'scalar') return at.problems.attempt(() => compileTree(node))
  if (node.kind === 'list') {
    const items = node.items.map(item => readTree(item, at)).filter(item => item !== undefined)
    return { kind: 'list', items, span: node.span }
  }
  const entries = new Map<string, Tree>()
  const keys = new Map<string, Span>()
  for (const { key, keySpan, value } of node.entries) {
    keys.set(key, keySpan)
    const tree = readTree(value, at)
    if (tree) entries.set(key, tree)
  }
  return { kind: 'map', entries, keys, span: node.span }
}

/** A value with nothing in it compiled. */
export function literalTree(node: Node): Tree {
  if (node.kind === 'scalar') return { kind: 'value', value: node.value, span: node.span }
  if (node.kind === 'list') return { kind: 'list', items: node.items.map(literalTree), span: node.span }
  const entries = new Map(node.entries.map(({ key, value }) => [key, literalTree(value)]))
  return {
    kind: 'map',
    entries,
    keys: new Map(node.entries.map(({ key, keySpan }) => [key, keySpan])),
    span: node.span,
  }
}

export type Variables = ReadonlyMap<string, Tree>

export const readVars: Read<Variables> = (node, at) => {
  if (isNothing(node)) return new Map()
  if (node.kind !== 'map') return wrongType(node, at, 'a map of variables')
  const vars = new Map<string, Tree>()
  for (const { key, keySpan, value } of node.entries) {
    const tree = readTree(value, { ...at, what: key })
    if (isVariableName(key, keySpan, at) && tree) vars.set(key, tree)
  }
  return vars
}

export const readTemplate: Read<Template> = (node, at) => {
  if (node.kind !== 'scalar' || node.value === null) return wrongType(node, at, 'a text')
  const text = typeof node.value === 'string' ? node.value : written(node)
  return at.problems.attempt(() => compileTemplate(text, node.span, node.offsets))
}

/** Whether a compiled text is the same whatever the variables: its text then is known. */
export function constantText(node: Node): string | undefined {
  if (node.kind !== 'scalar' || node.value === null || hasTemplate(node)) return undefined
  return typeof node.value === 'string' ? node.value : written(node)
}

export const readBooleanOrTemplate: Read<boolean | Template> = (node, at) =>
  hasTemplate(node) ? readTemplate(node, at) : readBoolean(node, at)

export function readNumberOrTemplate(least: number, integer = true): Read<number | Template> {
  const number = readNumber(least, integer)
  return (node, at) => (hasTemplate(node) ? readTemplate(node, at) : number(node, at))
}

const readExpression: Read<Expression> = (node, at) => {
  if (node.kind !== 'scalar' || node.value === null || typeof node.value === 'number') {
    return wrongType(node, at, 'an expression', 'for example: size(groups.workers) > 0')
  }
  return expressionOf(node, at)
}

function expressionOf(node: ScalarNode, at: Reading): Expression | undefined {
  return at.problems.attempt(() => compileExpression(String(node.value), node.span, node.offsets))
}

/** Conditions that must all hold: an expression, true, false, or a list of these. */
export const readExpressions: Read<readonly Expression[]> = readList(readExpression)

export const readBooleanOrExpression: Read<boolean | Expression> = (node, at) => {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value
  return readExpression(node, at)
}
