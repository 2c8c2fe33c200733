import { didYouMean } from '../../core/did-you-mean.ts'
import type { CallParts, Loc } from '../handlebars/ast.ts'
import { mustacheHabit } from '../handlebars/habits.ts'
import { asDiagnostic } from '../handlebars/parse.ts'
import type { Helper } from '../helpers/helper.ts'
import { helpers } from '../helpers.ts'
import { row } from '../member.ts'
import { type Special, specials } from './special.ts'
import { broken, type Here, type Piece, problem, spanOf } from './unit.ts'

export type Call = CallParts & { readonly loc: Loc }

/** Whether a helper is given as many arguments as it takes, and options it knows. */
export function checkShape(node: Call, helper: Helper | Special, { unit }: Here): void {
  const [least, most] = helper.takes
  const count = node.params.length
  const span = spanOf(unit, node.loc)
  if (count < least || count > most) {
    const wants = least === most ? `${least}` : `${least} to ${most}`
    const message = `${helper.name} takes ${wants} ${most === 1 ? 'argument' : 'arguments'}, not ${count}`
    problem(unit, 'template-syntax', { message, span, hint: `write ${helper.usage}` })
  }
  for (const { key, loc } of node.hash?.pairs ?? []) {
    if (helper.options?.includes(key)) continue
    const near = didYouMean(key, helper.options ?? [])
    const hint = near === undefined ? `write ${helper.usage}` : `did you mean "${near}"?`
    problem(unit, 'template-syntax', {
      message: `${helper.name} has no option "${key}"`,
      span: spanOf(unit, loc),
      hint,
    })
  }
}

const blocks: { readonly [name: string]: string } = {
  if: 'write {{ternary condition a b}}, or {{#if condition}} … {{/if}}',
  each: 'write {{#each list}} {{this}} {{/each}}',
  with: 'write {{#with map}} … {{/with}}',
  unless: 'write {{#unless condition}} … {{/unless}}',
}

/** No helper of that name: Jinja, a block that stands inline, or a slip. */
export function unknownHelper(node: Call, name: string, { unit }: Here): Piece {
  const [start, end] = [unit.offset(node.loc.start), unit.offset(node.loc.end)]
  const braces = /^(\{\{~?[{&#^]?|\()([\s\S]*?)(\}?~?\}\}|\))$/.exec(unit.text.slice(start, end))
  const inner = braces?.[2] ?? ''
  const habit = mustacheHabit({ start, end, mark: '', inner, innerStart: start + (braces?.[1]?.length ?? 0) })
  const span = node.path.type === 'PathExpression' ? spanOf(unit, node.path.loc) : spanOf(unit, node.loc)
  if (habit !== undefined) unit.problems.push(asDiagnostic(habit, unit.locate))
  else {
    const near = didYouMean(name, [...helpers.keys(), ...specials.keys()])
    const hint =
      row(blocks, name) ?? (near === undefined ? 'a variable stands alone: {{name}}' : `did you mean "${near}"?`)
    problem(unit, 'unknown-helper', { message: `there is no helper "${name}"`, span, hint })
  }
  return broken(span)
}
