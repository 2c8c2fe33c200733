import type { ASTNode } from '@marcbachmann/cel-js'
import { Mistake } from '../../core/diagnostic.ts'
import type { Span } from '../../core/span.ts'
import { Unknown } from '../../core/unknown.ts'
import { member } from '../member.ts'
import { missingMember, mistake, undefinedVariable } from '../mistakes.ts'
import { compileNode } from './compile.ts'
import { isType, run } from './library.ts'
import { type Bindings, demand, type Here, type Piece } from './piece.ts'
import { closed, intoCel, isTainted, opened } from './value.ts'

/** A chain of `.name` and `[key]`, taken apart: what it starts from, and its steps. */
interface Chain {
  readonly start: ASTNode
  readonly steps: readonly Step[]
}

type Step = { readonly key: string | number } | { readonly node: ASTNode }

export function chainOf(node: ASTNode): Chain {
  if (node.op !== '.' && node.op !== '[]') return { start: node, steps: [] }
  const { start, steps } = chainOf(node.args[0])
  if (node.op === '.') return { start, steps: [...steps, { key: node.args[1] }] }
  const [, key] = node.args
  const literal = key.op === 'value' && (typeof key.args === 'string' || typeof key.args === 'bigint')
  return { start, steps: [...steps, literal ? { key: plainKey(key.args) } : { node: key }] }
}

/** A variable, or a part of one, or of any other value. */
export function compileAccess(node: ASTNode, here: Here): Piece {
  const { start, steps } = chainOf(node)
  const span = here.unit.locate(node.range.start, node.range.end)
  const from =
    start.op === 'id' ? compileId({ name: start.args, node: start, span, steps }, here) : compileNode(start, here)
  if (steps.length === 0) return from
  const inner = { ...here, guarded: false }
  const keys = steps.map(step => ('key' in step ? () => step.key : keyPiece(compileNode(step.node, inner))))
  const hint = cutByDash(node, here)
  return walkPiece({ from, keys, span, root: rootName(start, here), hint })
}

interface Id {
  readonly name: string
  readonly node: ASTNode
  readonly span: Span
  readonly steps: readonly Step[]
}

function compileId({ name, node, span, steps }: Id, { unit, bound, guards, guarded }: Here): Piece {
  const own = unit.locate(node.range.start, node.range.end)
  if (bound.has(name)) return found(own, bindings => bindings.locals[name])
  const path: (string | number)[] = []
  for (const step of steps) {
    if (!('key' in step)) break
    path.push(step.key)
  }
  // A variable may bear the name of a type; where none does, the type is meant.
  const type = isType(name)
  const hint = dashed(unit.text, node)
  const optional = hint === undefined ? {} : { hint }
  unit.references.push({ root: name, path, span, guarded: guarded === true || type || guards.has(name), ...optional })
  return {
    ...found(own, ({ scope }) => scope.get(name) ?? (type && !scope.has(name) ? run(name, []) : scope.get(name))),
    raw: true,
    missing: ({ scope }) => new Mistake(undefinedVariable(name, scope.names(), { span: own, hint })),
  }
}

function found(span: Span, find: Piece['find']): Piece {
  const missing = () => mistake('undefined-variable', 'there is no value', { span })
  return { span, find, missing, present: bindings => find(bindings) !== undefined }
}

/** `a-b` reads as a subtraction; whoever wrote it without spaces may have meant a name. */
function dashed(text: string, { range }: ASTNode): string | undefined {
  const before = /([\w.]+)-$/.exec(text.slice(0, range.start))?.[1]
  if (before === undefined) return undefined
  const name = text.slice(range.start, range.end)
  const [, whole, key] = /^(.*)\.(\w+)$/.exec(before) ?? []
  if (whole === undefined) return `${before}-${name} is a subtraction; names have no dashes`
  return `a dash is a subtraction; write ${whole}["${key}-${name}"]`
}

/** `a.b-c` read as `a.b` minus `c`: the cure where `a.b` is not there. */
function cutByDash(node: ASTNode, { unit }: Here): string | undefined {
  const rest = /^-[\w-]+/.exec(unit.text.slice(node.range.end))?.[0]
  if (rest === undefined || node.op !== '.') return undefined
  const whole = unit.text.slice(node.args[0].range.start, node.args[0].range.end)
  return `a dash is a subtraction; write ${whole}["${node.args[1]}${rest}"]`
}

type Key = (bindings: Bindings) => unknown

function keyPiece(piece: Piece): Key {
  return bindings => demand(piece, bindings)
}

interface Walk {
  readonly from: Piece
  readonly keys: readonly Key[]
  readonly span: Span
  readonly root: string
  readonly hint: string | undefined
}

function walkPiece({ from, keys, span, root, hint: cure }: Walk): Piece {
  const walk = (bindings: Bindings, steps: readonly Key[]) => {
    let at = from.find(bindings)
    for (const key of steps) {
      if (at === undefined) break
      at = stepInto(at, key(bindings))
    }
    return at
  }
  return {
    span,
    raw: from.raw === true,
    find: bindings => walk(bindings, keys),
    missing(bindings) {
      const whole = from.find(bindings)
      if (whole === undefined) return from.missing(bindings)
      const path = keys.map(key => shownKey(key(bindings)))
      const { message, hint } = missingMember(root, whole, path)
      return mistake('undefined-variable', message, { span, hint: cure ?? hint })
    },
    present(bindings) {
      const parent = walk(bindings, keys.slice(0, -1))
      return parent instanceof Unknown ? parent : walk(bindings, keys) !== undefined
    },
  }
}

function stepInto(whole: unknown, key: unknown): unknown {
  if (whole instanceof Unknown) return whole
  if (key instanceof Unknown) return key
  const secret = isTainted(key)
  const part = member(whole, plainKey(secret ? opened(key) : key))
  return secret && part !== undefined ? closed(intoCel(part)) : part
}

// A key that is a secret is shown as one.
function shownKey(key: unknown): string | number {
  return isTainted(key) ? '<secret>' : plainKey(key)
}

function plainKey(key: unknown): string | number {
  return typeof key === 'bigint' || typeof key === 'number' ? Number(key) : String(key)
}

function rootName(start: ASTNode, { unit }: Here): string {
  return unit.text.slice(start.range.start, start.range.end)
}
