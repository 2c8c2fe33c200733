import type { ExpressionNode, LiteralNode, PathNode } from '../handlebars/ast.ts'
import { compileCall } from './call.ts'
import { compilePath } from './path.ts'
import { type Here, type Piece, problem, spanOf } from './unit.ts'

/** An argument or what stands in braces alone. */
export function compileExpression(node: ExpressionNode, here: Here): Piece {
  if (node.type === 'PathExpression') return compilePath(node, here)
  if (node.type === 'SubExpression') return compileCall(node, here)
  return literal(node, here)
}

export function isPath(node: ExpressionNode): node is PathNode {
  return node.type === 'PathExpression'
}

function literal(node: LiteralNode, here: Here): Piece {
  const span = spanOf(here.unit, node.loc)
  if (node.type === 'UndefinedLiteral') {
    problem(here.unit, 'template-syntax', { message: '"undefined" is no value', span, hint: 'write null or ""' })
  }
  const value = 'value' in node ? node.value : null
  const never = () => {
    throw new Error('a literal is always there')
  }
  return { span, find: () => value, missing: never, present: () => true }
}
