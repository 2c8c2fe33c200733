import type { ASTNode } from '@marcbachmann/cel-js'
import { Unknown } from '../../core/unknown.ts'
import { row } from '../member.ts'
import { mistake } from '../mistakes.ts'
import { compileAccess } from './access.ts'
import { applyNegative, applyOperator } from './apply.ts'
import { compileCall } from './call.ts'
import { rootOf } from './facts.ts'
import { compileLogic, compileNot, compileTernary } from './logic.ts'
import { demand, type Here, type Piece, total } from './piece.ts'
import { isTainted } from './value.ts'

/** Compiles a node of the library's tree: order, names and Unknowns are ours, what operators and functions do is the library's. */
export function compileNode(node: ASTNode, around: Here): Piece {
  // Only the very argument of has() and default() may be undefined, not what it is made of.
  const here = node.op === 'id' || node.op === '.' || node.op === '[]' ? around : { ...around, guarded: false }
  const span = here.unit.locate(node.range.start, node.range.end)
  switch (node.op) {
    case 'value':
      checkBraces(node, here)
      return total(span, () => node.args)
    case 'id':
      checkWord(node, here)
      return compileAccess(node, here)
    case '.':
    case '[]':
      return compileAccess(node, here)
    case '&&':
    case '||':
      return compileLogic(node as ASTNode & { op: '&&' }, here)
    case '!_':
      return compileNot(node, here)
    case '?:':
      return compileTernary(node, here)
    case 'call':
    case 'rcall':
      return compileCall(node as ASTNode & { op: 'call' }, here)
    case 'list':
      return compileList(node.args, node, here)
    case 'map':
      return compileMap(node, here)
    case '-_': {
      const piece = compileNode(node.args, here)
      return total(span, bindings => applyNegative(demand(piece, bindings), span))
    }
    default:
      return compileOperator(node, here)
  }
}

/** A template inside a string of an expression is text and nothing else: whoever wrote it meant the variable. */
function checkBraces({ args, range }: ASTNode & { op: 'value' }, { unit }: Here): void {
  const inner = typeof args === 'string' ? /\{\{\s*([\w.]+)\s*\}\}/.exec(args)?.[1] : undefined
  if (inner === undefined) return
  const message = 'braces in a string of an expression are not looked into'
  const span = unit.locate(range.start, range.end)
  unit.problems.push({ code: 'jinja-habit', message, span, hint: `write ${inner}, without braces and quotes` })
}

const words: { readonly [word: string]: string } = {
  True: 'true',
  False: 'false',
  None: 'null',
  yes: 'true',
  no: 'false',
}

function checkWord({ args, range }: ASTNode & { op: 'id' }, { unit, bound }: Here): void {
  const ours = bound.has(args) ? undefined : row(words, args)
  if (ours === undefined) return
  const span = unit.locate(range.start, range.end)
  unit.problems.push({ code: 'jinja-habit', message: `"${args}" is no word of CEL`, span, hint: `write ${ours}` })
}

function compileOperator(node: ASTNode, here: Here): Piece {
  if (node.op === '-') checkDash(node, here)
  const span = here.unit.locate(node.range.start, node.range.end)
  const [left, right] = (node.args as [ASTNode, ASTNode]).map(arg => compileNode(arg, here)) as [Piece, Piece]
  return total(span, bindings => applyOperator(node.op, [demand(left, bindings), demand(right, bindings)], span))
}

/** `groups.pi3-workers`: nobody subtracts from the groups. */
function checkDash(node: ASTNode & { op: '-' }, { unit }: Here): void {
  const [left, right] = node.args
  const glued = unit.text.slice(left.range.end, right.range.start) === '-' && left.op === '.' && right.op === 'id'
  if (!glued || !['groups', 'hostvars'].includes(rootOf(left) ?? '')) return
  const whole = unit.text.slice(left.args[0].range.start, left.args[0].range.end)
  const name = `${left.args[1]}-${right.args}`
  const message = `${whole}.${name} reads as a subtraction`
  const span = unit.locate(node.range.start, node.range.end)
  unit.problems.push({ code: 'jinja-habit', message, span, hint: `write ${whole}["${name}"]` })
}

function compileList(items: readonly ASTNode[], { range }: ASTNode, here: Here): Piece {
  const pieces = items.map(item => compileNode(item, here))
  return total(here.unit.locate(range.start, range.end), bindings => pieces.map(piece => demand(piece, bindings)))
}

function compileMap(node: ASTNode & { op: 'map' }, here: Here): Piece {
  const entries = node.args.map(([key, value]) => [compileNode(key, here), compileNode(value, here)] as const)
  return total(here.unit.locate(node.range.start, node.range.end), bindings => {
    const made: [string, unknown][] = []
    for (const [keyPiece, valuePiece] of entries) {
      const key = demand(keyPiece, bindings)
      if (key instanceof Unknown) return key
      if (isTainted(key)) throw mistake('wrong-value', 'a secret cannot be the key of a map', { span: keyPiece.span })
      made.push([String(key), demand(valuePiece, bindings)])
    }
    return Object.fromEntries(made)
  })
}
