import type { ASTNode } from '@marcbachmann/cel-js'
import type { Span } from '../../core/span.ts'
import { Unknown } from '../../core/unknown.ts'
import { describe } from '../describe.ts'
import { isMap, row } from '../member.ts'
import { mistake } from '../mistakes.ts'
import { compileNode } from './compile.ts'
import { truth } from './logic.ts'
import { type Bindings, demand, type Here, type Piece, total } from './piece.ts'

/** A macro at work: the items, and what is said of each. */
interface Work {
  readonly items: readonly unknown[]
  is(item: unknown): boolean | Unknown
  make(item: unknown): unknown
}

const macros: { readonly [mark: string]: (work: Work) => unknown } = {
  'all/2': work => settle(work, false),
  'exists/2': work => settle(work, true),
  'exists_one/2': exactlyOne,
  'filter/2': ({ items, is }) => kept(items, is),
  'map/2': ({ items, make }) => items.map(make),
  'map/3': ({ items, is, make }) => {
    const some = kept(items, is)
    return some instanceof Unknown ? some : some.map(make)
  },
}

/** How each is called: its name, and the number of what stands between its parentheses. */
export const macroMarks: readonly string[] = Object.keys(macros)

const mostRounds = 1_000_000

/** `list.exists(x, …)` and its like; undefined where it is no macro. A map's items are its keys. */
export function compileMacro(node: ASTNode & { op: 'rcall' }, here: Here): Piece | undefined {
  const [name, receiver, args] = node.args
  const mark = `${name}/${args.length}`
  const [variable, ...bodies] = args
  const macro = row(macros, mark)
  if (macro === undefined || variable?.op !== 'id') return undefined
  const span = here.unit.locate(node.range.start, node.range.end)
  const over = compileNode(receiver, here)
  const inner = { ...here, bound: new Set([...here.bound, variable.args]) }
  const pieces = bodies.map(body => compileNode(body, inner))
  const [first, last] = [pieces[0]!, pieces.at(-1)!]
  return total(span, bindings => {
    const items = itemsOf(demand(over, bindings), over.span)
    if (items instanceof Unknown) return items
    const bind = (item: unknown) => bound({ bindings, name: variable.args, item, span })
    return macro({ items, is: item => truth(first, bind(item)), make: item => demand(last, bind(item)) })
  })
}

interface Binding {
  readonly bindings: Bindings
  readonly name: string
  readonly item: unknown
  readonly span: Span
}

function bound({ bindings, name, item, span }: Binding): Bindings {
  if (++bindings.rounds.count > mostRounds) {
    throw mistake('wrong-value', `the loops run more than ${mostRounds} times`, { span })
  }
  return { ...bindings, locals: { ...bindings.locals, [name]: item } }
}

function itemsOf(value: unknown, span: Span): readonly unknown[] | Unknown {
  if (Array.isArray(value) || value instanceof Unknown) return value
  if (isMap(value)) return Object.keys(value)
  throw mistake('wrong-type', `this wants a list or a map, got ${describe(value)}`, { span })
}

function settle({ items, is }: Work, settled: boolean): boolean | Unknown {
  let open: Unknown | undefined
  for (const item of items) {
    const answer = is(item)
    if (answer === settled) return settled
    if (answer instanceof Unknown) open ??= answer
  }
  return open ?? !settled
}

function exactlyOne({ items, is }: Work): boolean | Unknown {
  const answers = items.map(is)
  const yes = answers.filter(answer => answer === true).length
  const open = answers.find(answer => answer instanceof Unknown)
  return yes > 1 || open === undefined ? yes === 1 : open
}

function kept(items: readonly unknown[], is: Work['is']): readonly unknown[] | Unknown {
  const answers = items.map(is)
  const open = answers.find(answer => answer instanceof Unknown)
  return open ?? items.filter((_, i) => answers[i] === true)
}
