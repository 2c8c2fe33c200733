import { Mistake } from '../core/diagnostic.ts'
import type { Text } from '../core/secret.ts'
import type { Span } from '../core/span.ts'
import type { Unknown } from '../core/unknown.ts'
import type { MustacheNode, ProgramNode } from './handlebars/ast.ts'
import { parseTemplate } from './handlebars/parse.ts'
import { locator } from './locate.ts'
import type { OffsetMap } from './node.ts'
import type { Scope, Template } from './scope.ts'
import { rootFrame } from './template/frame.ts'
import { Sink } from './template/sink.ts'
import { compileMustache, compileProgram } from './template/statement.ts'
import { demand, type Here, newUnit } from './template/unit.ts'

/**
 * Compiles a text of the project's files. `offsets` maps the text's characters into the file where the text does not
 * stand there as it is. Throws a Mistake with everything that is wrong.
 */
export function compileTemplate(text: string, span: Span, offsets?: OffsetMap): Template {
  // Names of tasks and the like: most of a project's texts.
  if (!/\{[{%]/.test(text)) return { kind: 'template', span, references: [], render: () => text }
  const locate = locator(text, span, offsets)
  const unit = newUnit(text, locate)
  const program = parseTemplate(text, locate)
  const here: Here = { unit, block: 'root', params: [], guards: new Set() }
  const render = compileRoot(program, here)
  if (unit.problems.length > 0) throw new Mistake(...unit.problems)
  return { kind: 'template', span, references: unit.references, render }
}

/** What a template's file is written as: text even where the template is a single value. */
export function renderText(template: Template, scope: Scope): Text | Unknown {
  const sink = new Sink()
  sink.write(template.render(scope), template.span)
  return sink.result()
}

function compileRoot(program: ProgramNode, here: Here): Template['render'] {
  const single = singleMustache(program)
  if (single !== undefined) {
    const piece = compileMustache(single, here)
    return scope => demand(piece, rootFrame(scope))
  }
  const write = compileProgram(program, here)
  return scope => {
    const sink = new Sink()
    write(rootFrame(scope), sink)
    return sink.result()
  }
}

/** The one mustache that is the whole text: its value keeps its type. */
function singleMustache({ body }: ProgramNode): MustacheNode | undefined {
  const [only, ...more] = body.filter(
    node => node.type !== 'CommentStatement' && !(node.type === 'ContentStatement' && node.value === ''),
  )
  return only?.type === 'MustacheStatement' && more.length === 0 ? only : undefined
}
