import type { MustacheNode, ProgramNode, StatementNode } from '../handlebars/ast.ts'
import { compileBlock } from './block.ts'
import { compileCall } from './call.ts'
import { compileExpression } from './expression.ts'
import type { Frame } from './frame.ts'
import type { Sink } from './sink.ts'
import { demand, type Here, type Piece, problem, spanOf } from './unit.ts'

/** A compiled part that writes. */
export type Writer = (frame: Frame, sink: Sink) => void

export function compileProgram(program: ProgramNode | undefined, here: Here): Writer {
  const writers = (program?.body ?? []).map(node => compileStatement(node, here))
  return (frame, sink) => {
    for (const write of writers) write(frame, sink)
  }
}

function compileStatement(node: StatementNode, here: Here): Writer {
  const span = spanOf(here.unit, node.loc)
  switch (node.type) {
    case 'ContentStatement':
      return (_, sink) => sink.put(node.value, span)
    case 'MustacheStatement': {
      const piece = compileMustache(node, here)
      return (frame, sink) => sink.write(demand(piece, frame), span)
    }
    case 'BlockStatement':
      return compileBlock(node, here)
    case 'CommentStatement':
      break
    default:
      problem(here.unit, 'template-syntax', {
        message: 'partials and decorators are not known here',
        span,
        hint: 'write it out',
      })
  }
  return () => {}
}

/** `{{x}}` is a variable, whatever helpers there are; with arguments it is a call. */
export function compileMustache(node: MustacheNode, here: Here): Piece {
  const call = node.params.length > 0 || (node.hash?.pairs.length ?? 0) > 0
  return call ? compileCall(node, here) : compileExpression(node.path, here)
}
