import { Mistake } from '../core/diagnostic.ts'
import { containsSecret } from '../core/secret.ts'
import { Unknown } from '../core/unknown.ts'
import type { Expression, Scope, Template } from '../language/scope.ts'

/** A condition, three-valued. What is neither true nor false is a mistake: nothing is truthy here. */
export function truth(condition: Expression, scope: Scope): boolean | Unknown {
  const value = condition.evaluate(scope)
  if (typeof value === 'boolean' || value instanceof Unknown) return value
  const got = containsSecret(value) ? 'a secret' : JSON.stringify(value)
  throw new Mistake({
    code: 'wrong-type',
    message: `'${condition.text}' is ${got}, not true or false`,
    span: condition.span,
    hint: 'compare it with something: size(x) > 0, x != ""',
  })
}

/** All must hold: one false decides, whatever is Unknown beside it. */
export function allHold(conditions: readonly Expression[], scope: Scope): boolean | Unknown {
  let unknown: Unknown | undefined
  for (const condition of conditions) {
    const holds = truth(condition, scope)
    if (holds === false) return false
    if (holds instanceof Unknown) unknown ??= holds
  }
  return unknown ?? true
}

/** The first condition that is false, for "skipped because". */
export function firstFalse(conditions: readonly Expression[], scope: Scope): Expression | undefined {
  return conditions.find(condition => truth(condition, scope) === false)
}

/** A keyword that is a constant or a template giving one. */
export function keyword<Kind>(value: Template | Kind | undefined, scope: Scope): unknown {
  return isTemplate(value) ? value.render(scope) : value
}

function isTemplate(value: unknown): value is Template {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'template'
}
