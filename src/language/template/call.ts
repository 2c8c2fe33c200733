import { containsSecret, Secret } from '../../core/secret.ts'
import type { Span } from '../../core/span.ts'
import { findUnknown, Unknown } from '../../core/unknown.ts'
import type { Value } from '../../core/value.ts'
import { conceal, opened, revealAll } from '../conceal.ts'
import { joined } from '../guards.ts'
import { BadArgument, type Helper } from '../helpers/helper.ts'
import { helpers } from '../helpers.ts'
import { mistake } from '../mistakes.ts'
import { compileExpression } from './expression.ts'
import { factsOf } from './facts.ts'
import type { Frame } from './frame.ts'
import { type Call, checkShape, unknownHelper } from './shape.ts'
import { type Special, specials } from './special.ts'
import { demand, type Here, type Piece, spanOf } from './unit.ts'

type Options = { readonly [name: string]: Piece }

/** A helper with its arguments. */
export function compileCall(node: Call, here: Here): Piece {
  const span = spanOf(here.unit, node.loc)
  const name = node.path.type === 'PathExpression' ? node.path.original : ''
  const special = specials.get(name)
  const helper = special ?? helpers.get(name)
  if (helper === undefined) return unknownHelper(node, name, here)
  checkShape(node, helper, here)
  const options = Object.fromEntries(
    (node.hash?.pairs ?? []).map(({ key, value }) => [key, compileExpression(value, here)]),
  )
  if (special !== undefined) return specialPiece(special, { args: specialArgs(node, special, here), options, span })
  const inner = { ...here, guarded: false }
  const args = node.params.map(param => compileExpression(param, inner))
  return helperPiece(helper as Helper, { args, options, span })
}

interface Compiled {
  readonly args: readonly Piece[]
  readonly options: Options
  readonly span: Span
}

function specialPiece(special: Special, { args, options, span }: Compiled): Piece {
  const find = (frame: Frame) => special.find(args, frame, values(options, frame))
  return absentAs(find, span, frame => args.at(-1)!.missing(frame))
}

function helperPiece(helper: Helper, { args, options, span }: Compiled): Piece {
  const find = (frame: Frame) =>
    apply(helper, { args: args.map(arg => demand(arg, frame)), options: values(options, frame), span })
  return absentAs(find, span, () =>
    mistake('undefined-variable', `${helper.name} finds nothing`, {
      span,
      hint: `give a default: {{default (${helper.usage.slice(2, -2)}) "…"}}`,
    }),
  )
}

function absentAs(find: Piece['find'], span: Span, missing: Piece['missing']): Piece {
  const present = (frame: Frame) => {
    const found = find(frame)
    return found instanceof Unknown ? found : found !== undefined
  }
  return { span, find, missing, present }
}

function values(options: Options, frame: Frame): { readonly [name: string]: Value } {
  return Object.fromEntries(Object.entries(options).map(([name, piece]) => [name, demand(piece, frame)]))
}

interface Given {
  readonly args: readonly Value[]
  readonly options: { readonly [name: string]: Value }
  readonly span: Span
}

/** Runs a helper on what it may see: Unknown in gives Unknown, Secret in gives Secret. */
function apply(helper: Helper, { args, options, span }: Given): Value | undefined {
  const deep = helper.reads === 'deep'
  const given: readonly Value[] = [...args, ...Object.values(options)]
  const unknown = deep ? findUnknown(given) : given.find(value => value instanceof Unknown)
  if (unknown !== undefined) return unknown
  const secret = deep ? containsSecret(given) : given.some(value => value instanceof Secret)
  try {
    if (!secret) return helper.run(args, options)
    const open = (value: Value) => (deep ? revealAll(value) : value instanceof Secret ? opened(value) : value)
    const chosen = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, open(value)]))
    const result = helper.run(args.map(open), chosen)
    return result === undefined ? undefined : conceal(result)
  } catch (error) {
    throw explained(error, helper, { span, secret })
  }
}

function explained(error: unknown, { name }: Helper, { span, secret }: { span: Span; secret: boolean }): unknown {
  if (error instanceof BadArgument) {
    const detail = error.detail === undefined || secret ? '' : `: ${JSON.stringify(error.detail.slice(0, 80))}`
    return mistake(error.code, `${name}: ${error.message}${detail}`, { span, hint: error.hint })
  }
  // V8 refuses texts and lists beyond its limits.
  if (error instanceof RangeError) return mistake('wrong-value', `${name}: the result is too large`, { span })
  return error
}

function specialArgs({ params }: Call, special: Special, here: Here): Piece[] {
  const guarded = special.guarded(params.length)
  // What a default falls back to may be undefined where another default stands around.
  const inherits = special.name === 'default' && here.guarded === true
  let guards = here.guards
  return params.map((param, i) => {
    const condition = special.name === 'ternary' ? params[0] : undefined
    if (condition !== undefined && i > 0) guards = joined(here.guards, factsOf(condition)[i === 1 ? 'yes' : 'no'])
    const piece = compileExpression(param, { ...here, guards, guarded: i < guarded || inherits })
    if (special.name === 'and') guards = joined(guards, factsOf(param).yes)
    if (special.name === 'or') guards = joined(guards, factsOf(param).no)
    return piece
  })
}
