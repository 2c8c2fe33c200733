import { type Diagnostic, Mistake } from '../core/diagnostic.ts'
import { OMIT } from '../core/omit.ts'
import type { Value } from '../core/value.ts'
import { statementHabits } from './handlebars/habits.ts'
import { asDiagnostic } from './handlebars/parse.ts'
import { scan } from './handlebars/scan.ts'
import { locator } from './locate.ts'
import type { Node, ScalarNode } from './node.ts'
import type { Reference, Scope, Tree } from './scope.ts'
import { compileTemplate } from './template.ts'

/** Compiles every string with braces. Throws one Mistake with everything that is wrong in all of them. */
export function compileTree(node: Node): Tree {
  const problems: Diagnostic[] = []
  const tree = compile(node, problems)
  if (problems.length > 0) throw new Mistake(...problems)
  return tree
}

function compile(node: Node, problems: Diagnostic[]): Tree {
  if (node.kind === 'scalar') return compileScalar(node, problems)
  const { span } = node
  if (node.kind === 'list') return { kind: 'list', items: node.items.map(item => compile(item, problems)), span }
  const entries = new Map(node.entries.map(({ key, value }) => [key, compile(value, problems)]))
  const keys = new Map(node.entries.map(({ key, keySpan }) => [key, keySpan]))
  return { kind: 'map', entries, keys, span }
}

function compileScalar({ value, span, literal, offsets }: ScalarNode, problems: Diagnostic[]): Tree {
  const plain: Tree = { kind: 'value', value, span }
  if (typeof value !== 'string' || literal === true) return plain
  if (!value.includes('{{')) {
    if (!value.includes('{%')) return plain
    const locate = locator(value, span, offsets)
    problems.push(...statementHabits(scan(value)).map(habit => asDiagnostic(habit, locate)))
    return plain
  }
  try {
    return compileTemplate(value, span, offsets)
  } catch (error) {
    if (!(error instanceof Mistake)) throw error
    problems.push(...error.diagnostics)
    return plain
  }
}

/** The value under a scope. Entries of maps that come to `omit` are left out. Throws a Mistake. */
export function renderTree(tree: Tree, scope: Scope): Value {
  switch (tree.kind) {
    case 'value':
      return tree.value
    case 'template':
      return tree.render(scope)
    case 'list':
      return tree.items.map(item => renderTree(item, scope)).filter(item => item !== OMIT)
    case 'map': {
      const entries = [...tree.entries].map(([key, part]) => [key, renderTree(part, scope)] as const)
      return Object.fromEntries(entries.filter(([, value]) => value !== OMIT))
    }
  }
}

/** Every variable that some template in it reads. */
export function treeReferences(tree: Tree): readonly Reference[] {
  switch (tree.kind) {
    case 'value':
      return []
    case 'template':
      return tree.references
    case 'list':
      return tree.items.flatMap(treeReferences)
    case 'map':
      return [...tree.entries.values()].flatMap(treeReferences)
  }
}

/** The value of a tree without templates; undefined where it has some. */
export function staticValue(tree: Tree): Value | undefined {
  switch (tree.kind) {
    case 'value':
      return tree.value
    case 'template':
      return undefined
    case 'list': {
      const items = tree.items.map(staticValue)
      return items.includes(undefined) ? undefined : (items as Value[])
    }
    case 'map': {
      const entries = [...tree.entries].map(([key, part]) => [key, staticValue(part)] as const)
      return entries.some(([, value]) => value === undefined) ? undefined : (Object.fromEntries(entries) as Value)
    }
  }
}
