import { didYouMean } from '../../core/did-you-mean.ts'
import { OMIT } from '../../core/omit.ts'
import type { Span } from '../../core/span.ts'
import { Unknown } from '../../core/unknown.ts'
import type { Value } from '../../core/value.ts'
import { describe } from '../describe.ts'
import { joined, negated } from '../guards.ts'
import type { BlockNode } from '../handlebars/ast.ts'
import { isMap, row } from '../member.ts'
import { mistake } from '../mistakes.ts'
import { compileExpression } from './expression.ts'
import { factsOf } from './facts.ts'
import type { Frame } from './frame.ts'
import type { Sink } from './sink.ts'
import { compileProgram, type Writer } from './statement.ts'
import { truth } from './truth.ts'
import { demand, type Here, type Piece, problem, spanOf } from './unit.ts'

interface Block {
  readonly node: BlockNode
  readonly subject: Piece
  readonly here: Here
  readonly span: Span
}

type Compile = (block: Block) => Writer

const blocks: { readonly [name: string]: Compile } = {
  if: compileIf,
  unless: compileIf,
  each: compileEach,
  with: compileWith,
}

/** `{{#if x}} … {{else}} … {{/if}}` and its like, and `{{{{raw}}}}`. */
export function compileBlock(node: BlockNode, here: Here): Writer {
  const { unit } = here
  const span = spanOf(unit, node.loc)
  const name = node.path.type === 'PathExpression' ? node.path.original : ''
  if (unit.text.startsWith('{{{{', unit.offset(node.loc.start)) && name === 'raw')
    return compileProgram(node.program, here)
  const compile = row(blocks, name)
  const [argument] = node.params
  if (compile === undefined) unknownBlock(name, node, here)
  else if (argument === undefined || node.params.length > 1 || (node.hash?.pairs.length ?? 0) > 0) {
    const hint = node.params.length > 1 ? `put a helper in brackets: {{#${name} (helper a b)}}` : `write {{#${name} x}}`
    problem(unit, 'template-syntax', {
      message: `{{#${name}}} takes one argument`,
      span: spanOf(unit, node.path.loc),
      hint,
    })
  } else return compile({ node, subject: compileExpression(argument, here), here, span })
  return () => {}
}

function unknownBlock(name: string, node: BlockNode, { unit }: Here): void {
  const near = didYouMean(name, Object.keys(blocks))
  const hint =
    near === undefined ? 'there are {{#if x}}, {{#unless x}}, {{#each x}}, {{#with x}}' : `did you mean {{#${near}}}?`
  problem(unit, 'unknown-helper', { message: `there is no block "${name}"`, span: spanOf(unit, node.path.loc), hint })
}

function compileIf({ node, subject, here }: Block): Writer {
  const isIf = node.path.type === 'PathExpression' && node.path.original === 'if'
  const plain = factsOf(node.params[0])
  const facts = isIf ? plain : negated(plain)
  const yes = compileProgram(node.program, { ...here, guards: joined(here.guards, facts.yes) })
  const no = compileProgram(node.inverse, { ...here, guards: joined(here.guards, facts.no) })
  return (frame, sink) => {
    const is = truth(demand(subject, frame))
    if (is instanceof Unknown) return sink.taint(is)
    return (is === isIf ? yes : no)(frame, sink)
  }
}

function compileWith({ node, subject, here }: Block): Writer {
  const params = node.program?.blockParams ?? []
  const yes = compileProgram(node.program, { ...here, up: here, block: 'with', params })
  const no = compileProgram(node.inverse, here)
  return (frame, sink) => {
    const value = demand(subject, frame)
    const is = truth(value)
    if (is instanceof Unknown) return sink.taint(is)
    if (!is) return no(frame, sink)
    return yes({ scope: frame.scope, up: frame, value, data: {}, params: [value] }, sink)
  }
}

function compileEach({ node, subject, here, span }: Block): Writer {
  const params = node.program?.blockParams ?? []
  const body = compileProgram(node.program, { ...here, up: here, block: 'each', params })
  const empty = compileProgram(node.inverse, here)
  return (frame, sink) => {
    const value = demand(subject, frame)
    if (value instanceof Unknown) return sink.taint(value)
    const entries = entriesOf(value, subject.span)
    if (entries.length === 0) return empty(frame, sink)
    return loop({ frame, entries, body, span }, sink)
  }
}

interface Loop {
  readonly frame: Frame
  readonly entries: readonly (readonly [string | number, Value])[]
  readonly body: Writer
  readonly span: Span
}

function loop({ frame, entries, body, span }: Loop, sink: Sink): void {
  entries.forEach(([key, value], index) => {
    sink.round(span)
    const data = { index, key, first: index === 0, last: index === entries.length - 1 }
    body({ scope: frame.scope, up: frame, value, data, params: [value, key] }, sink)
  })
}

function entriesOf(value: Value, span: Span): readonly (readonly [string | number, Value])[] {
  if (Array.isArray(value)) return value.map((item: Value, i) => [i, item] as const)
  if (isMap(value) && value !== OMIT) return Object.entries(value) as [string, Value][]
  const hint = value === null ? 'write [] for an empty list' : undefined
  throw mistake('wrong-type', `{{#each}} wants a list or a map, got ${describe(value)}`, { span, hint })
}
