import type { ASTNode } from '@marcbachmann/cel-js'
import { Mistake } from '../../core/diagnostic.ts'
import type { Span } from '../../core/span.ts'
import { Unknown } from '../../core/unknown.ts'
import { describe } from '../describe.ts'
import { joined } from '../guards.ts'
import { mistake } from '../mistakes.ts'
import { compileNode } from './compile.ts'
import { factsOf } from './facts.ts'
import { type Bindings, demand, type Here, type Piece, total } from './piece.ts'

/** `a && b` and `a || b`, three-valued: what settles the question settles it whatever else is Unknown. */
export function compileLogic(node: ASTNode & { op: '&&' | '||' }, here: Here): Piece {
  const settled = node.op === '||'
  const [left, right] = node.args
  const facts = factsOf(left)
  const first = compileNode(left, here)
  const second = compileNode(right, { ...here, guards: joined(here.guards, settled ? facts.no : facts.yes) })
  return total(spanOf(node, here), bindings => {
    const one = truth(first, bindings)
    if (one === settled) return settled
    if (!(one instanceof Unknown)) return truth(second, bindings)
    return tolerant(second, bindings) === settled ? settled : one
  })
}

export function compileNot(node: ASTNode & { op: '!_' }, here: Here): Piece {
  const piece = compileNode(node.args, here)
  return total(spanOf(node, here), bindings => {
    const is = truth(piece, bindings)
    return is instanceof Unknown ? is : !is
  })
}

/** `a ? b : c`: Unknown where the condition is. */
export function compileTernary(node: ASTNode & { op: '?:' }, here: Here): Piece {
  const [condition, yes, no] = node.args
  const facts = factsOf(condition)
  const decides = compileNode(condition, here)
  const first = compileNode(yes, { ...here, guards: joined(here.guards, facts.yes) })
  const second = compileNode(no, { ...here, guards: joined(here.guards, facts.no) })
  return total(spanOf(node, here), bindings => {
    const is = truth(decides, bindings)
    return is instanceof Unknown ? is : demand(is ? first : second, bindings)
  })
}

/** true, false or Unknown; anything else is a mistake, never "somehow true". */
export function truth(piece: Piece, bindings: Bindings): boolean | Unknown {
  const value = demand(piece, bindings)
  if (typeof value === 'boolean' || value instanceof Unknown) return value
  throw mistake('wrong-type', `a condition must be true or false, this is ${describe(value)}`, {
    span: piece.span,
    hint: cure(describe(value)),
  })
}

function cure(kind: string): string {
  if (kind === 'a string') return 'compare it: x == "…", or x != ""; "true" and its like: bool(x)'
  if (kind === 'a number') return 'compare it: x == 0, x > 0'
  return kind === 'null' ? 'compare it: x != null' : 'ask for its size: size(x) > 0'
}

/** Beside an Unknown, the other side may be one that the run never looks at: its mistake is not one yet. */
function tolerant(piece: Piece, bindings: Bindings): boolean | Unknown | undefined {
  try {
    return truth(piece, bindings)
  } catch (error) {
    if (error instanceof Mistake) return undefined
    throw error
  }
}

function spanOf({ range }: ASTNode, { unit }: Here): Span {
  return unit.locate(range.start, range.end)
}
