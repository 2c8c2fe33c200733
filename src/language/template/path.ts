import { Mistake } from '../../core/diagnostic.ts'
import type { Span } from '../../core/span.ts'
import { Unknown } from '../../core/unknown.ts'
import type { Value } from '../../core/value.ts'
import type { PathNode } from '../handlebars/ast.ts'
import { helpers } from '../helpers.ts'
import { member } from '../member.ts'
import { missingMember, mistake, undefinedVariable } from '../mistakes.ts'
import { above, type Frame } from './frame.ts'
import { specials } from './special.ts'
import { broken, type Here, outer, type Piece, problem, spanOf } from './unit.ts'

const data = ['index', 'key', 'first', 'last']

/** A path: a variable, a part of the block's item, a block's parameter, or `@index` and its like. */
export function compilePath(node: PathNode, here: Here): Piece {
  const span = spanOf(here.unit, node.loc)
  if (isSplit(node, here)) return refuse(here, span, 'a path has no spaces', goTemplates)
  if (node.data) return compileData(node, here, span)
  const scoped = /^(this\b|\.)/.test(node.original)
  const param = scoped ? undefined : findParam(node.parts[0] ?? '', here)
  if (param !== undefined) return paramPiece(node, param, span)
  const target = outer(here, node.depth)
  if (target === undefined) return refuse(here, span, `${node.original} leads out of the template`)
  if (target.block !== 'root') return itemPiece(node, here, span)
  const [root, ...path] = node.parts
  if (root === undefined)
    return refuse(here, span, `"${node.original}" stands for an item, but is in no {{#each}} or {{#with}}`)
  return variable({ root, path, span }, here)
}

// The parser reads `{{json .State}}` as the path json.State.
const goTemplates = 'a Go template is written {{{{raw}}}}…{{{{/raw}}}}'

function isSplit({ loc }: PathNode, { unit }: Here): boolean {
  const written = unit.text.slice(unit.offset(loc.start), unit.offset(loc.end))
  return /\s/.test(written.replace(/\[[^\]]*\]/g, ''))
}

interface Named {
  readonly root: string
  readonly path: readonly string[]
  readonly span: Span
}

function variable({ root, path, span }: Named, here: Here): Piece {
  const guarded = here.guarded === true || here.guards.has(root)
  const hint = path.length === 0 ? helperHint(root) : undefined
  here.unit.references.push({ root, path: path.map(asIndex), span, guarded, ...(hint === undefined ? {} : { hint }) })
  const start = (frame: Frame) => frame.scope.get(root)
  return piece({ root, path, span }, start, frame =>
    frame.scope.get(root) === undefined
      ? new Mistake(undefinedVariable(root, frame.scope.names(), { span, hint }))
      : undefined,
  )
}

function helperHint(name: string): string | undefined {
  const usage = helpers.get(name)?.usage ?? specials.get(name)?.usage
  return usage === undefined ? undefined : `the helper of that name is written ${usage}`
}

function compileData(node: PathNode, here: Here, span: Span): Piece {
  const [name = '', ...path] = node.parts
  const [root, ...rest] = path
  if (name === 'root' && root !== undefined) return variable({ root, path: rest, span }, here)
  if (!data.includes(name)) return refuse(here, span, `there is no @${name}`, 'there are @index, @key, @first, @last')
  let levels = 0
  let loops = -1
  for (let at: Here | undefined = here; at !== undefined; at = at.up, levels++) {
    if (at.block === 'each' && ++loops === node.depth) break
  }
  if (loops < node.depth) return refuse(here, span, `@${name} is in no {{#each}}`)
  return piece({ root: `@${name}`, path, span }, frame => above(frame, levels).data[name])
}

function itemPiece(node: PathNode, here: Here, span: Span): Piece {
  const name = node.parts[0] ?? 'this'
  const outside = (frame: Frame): Mistake | undefined => {
    const item = above(frame, node.depth).value
    if (member(item, name) !== undefined || !frame.scope.has(name)) return undefined
    let levels = 0
    for (let at = here; at.up !== undefined; at = at.up) levels++
    const message = `the item has no "${name}"`
    const hint = `names inside {{#each}} and {{#with}} belong to the item: write {{${'../'.repeat(levels)}${name}}} for the variable`
    return mistake('undefined-variable', message, { span, hint })
  }
  return piece({ root: 'this', path: node.parts, span }, frame => above(frame, node.depth).value, outside)
}

interface Param {
  readonly levels: number
  readonly index: number
}

function findParam(name: string, here: Here): Param | undefined {
  let levels = 0
  for (let at: Here | undefined = here; at !== undefined; at = at.up, levels++) {
    const index = at.params.indexOf(name)
    if (index >= 0) return { levels, index }
  }
  return undefined
}

function paramPiece(node: PathNode, { levels, index }: Param, span: Span): Piece {
  const [root = '', ...path] = node.parts
  return piece({ root, path, span }, frame => above(frame, levels).params[index])
}

type Start = (frame: Frame) => Value | undefined

/** Walks from a start along a path. `why` may know better than the path why it leads nowhere. */
function piece({ root, path, span }: Named, start: Start, why?: (frame: Frame) => Mistake | undefined): Piece {
  const last = path.at(-1)
  const walk = (frame: Frame, parts: readonly string[]) =>
    parts.reduce<unknown>((at, part) => (at === undefined ? undefined : member(at, part)), start(frame))
  const whole = path.slice(0, -1)
  return {
    span,
    find: path.length === 0 ? start : frame => walk(frame, path) as Value | undefined,
    missing(frame) {
      const better = why?.(frame)
      if (better !== undefined) return better
      const { message, hint } = missingMember(root, start(frame), path)
      return mistake('undefined-variable', message, { span, hint })
    },
    present(frame) {
      const parent = last === undefined ? undefined : walk(frame, whole)
      return parent instanceof Unknown ? parent : this.find(frame) !== undefined
    },
  }
}

function asIndex(part: string): string | number {
  return /^\d+$/.test(part) ? Number(part) : part
}

function refuse(here: Here, span: Span, message: string, hint?: string): Piece {
  problem(here.unit, 'template-syntax', { message, span, hint })
  return broken(span)
}
