import type { ASTNode } from '@marcbachmann/cel-js'
import type { Code } from '../../core/codes.ts'
import { didYouMean } from '../../core/did-you-mean.ts'
import type { Span } from '../../core/span.ts'
import { row } from '../member.ts'
import { applyFunction } from './apply.ts'
import { compileNode } from './compile.ts'
import { rootOf } from './facts.ts'
import { functionCounts, resolve } from './library.ts'
import { compileMacro } from './macros.ts'
import { demand, type Here, type Piece, total } from './piece.ts'

type CallNode = ASTNode & { op: 'call' | 'rcall' }

/** A function, a method, or one of the macros. */
export function compileCall(node: CallNode, here: Here): Piece {
  const span = here.unit.locate(node.range.start, node.range.end)
  if (node.op === 'rcall') return compileMacro(node, here) ?? compileFunction(node, here, span)
  const [name, args] = node.args
  if (name === 'has' && args.length === 1) return compileHas(args[0]!, here, span)
  if (name === 'default' && args.length === 2) return compileDefault(args, here, span)
  return compileFunction(node, here, span)
}

/** `has(x)`, `has(x.y)`, `has(x["y"])`: whether it is there. Its variable may be undefined, too. */
function compileHas(argument: ASTNode, here: Here, span: Span): Piece {
  if (rootOf(argument) === undefined) {
    return refuse('expression-syntax', 'has() wants a variable or a part of one', {
      here,
      span,
      hint: 'write has(x) or has(x.y)',
    })
  }
  const piece = compileNode(argument, { ...here, guarded: true })
  return total(span, bindings => piece.present(bindings))
}

function compileDefault([value, fallback]: readonly ASTNode[], here: Here, span: Span): Piece {
  const first = compileNode(value!, { ...here, guarded: true })
  const second = compileNode(fallback!, here)
  return total(span, bindings => {
    const found = first.find(bindings)
    return found === undefined ? demand(second, bindings) : demand(first, bindings)
  })
}

function compileFunction(node: CallNode, here: Here, span: Span): Piece {
  const name = node.args[0]
  const args = node.op === 'call' ? node.args[1] : [node.args[1], ...node.args[2]]
  const inner = { ...here, guarded: false }
  const pieces = args.map(arg => compileNode(arg, inner))
  const signature = resolve({ name, method: node.op === 'rcall', count: args.length })
  if (signature === undefined) return unknownFunction(name, { here, span })
  return total(span, bindings =>
    applyFunction(
      signature,
      pieces.map(piece => demand(piece, bindings)),
      span,
    ),
  )
}

const functions = 'there are size, int, string, bool, has, default, x.contains("…"), x.matches("…"), x.exists(i, …) …'

const elsewhere: { readonly [name: string]: string } = {
  defined: 'write has(x)',
  len: 'write size(x)',
  length: 'write size(x)',
  count: 'write size(x)',
  str: 'write string(x)',
  float: 'write double(x)',
  find: 'write x.contains("…")',
  search: 'write x.matches("…")',
  match: 'write x.matches("^…")',
  startswith: 'write x.startsWith("…")',
  endswith: 'write x.endsWith("…")',
  strip: 'write x.trim()',
  lookup: 'write x[key]',
  get: 'write default(x["…"], …)',
  keys: 'a map is its keys: "k" in x, x.exists(k, …)',
  items: 'x.exists(k, x[k] == …)',
  any: 'write x.exists(i, i == …)',
}

function unknownFunction(name: string, { here, span }: { here: Here; span: Span }): Piece {
  const counts = functionCounts()
  const takes = counts.get(name)
  if (takes !== undefined) {
    const some = [...takes].join(' or ')
    return refuse('expression-syntax', `${name} takes ${some} arguments, counting what stands before its dot`, {
      here,
      span,
    })
  }
  const near = didYouMean(name, [...counts.keys(), 'has', 'default', 'all', 'exists', 'exists_one', 'map', 'filter'])
  const hint = row(elsewhere, name) ?? (near === undefined ? functions : `did you mean "${near}"?`)
  return refuse('unknown-helper', `there is no function "${name}"`, { here, span, hint })
}

interface Refusal {
  readonly here: Here
  readonly span: Span
  readonly hint?: string | undefined
}

function refuse(code: Code, message: string, { here, span, hint }: Refusal): Piece {
  here.unit.problems.push({ code, message, span, hint })
  return total(span, () => null)
}
