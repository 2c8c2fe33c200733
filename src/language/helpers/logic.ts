import type { Value } from '../../core/value.ts'
import { equalKinds, order } from './equal.ts'
import type { Helper } from './helper.ts'

function of(name: string, usage: string, summary: string, run: (args: readonly Value[]) => Value): Helper {
  const count = usage.split(' ').length - 1
  return { name, usage: `{{${usage}}}`, summary, takes: [count, count], reads: 'deep', run }
}

/** Helpers that compare. What they say of a secret is a plain boolean. */
export const logicHelpers: readonly Helper[] = [
  of('eq', 'eq a b', 'Equal.', ([a, b]) => equalKinds(a!, b!)),
  of('ne', 'ne a b', 'Not equal.', ([a, b]) => !equalKinds(a!, b!)),
  of('lt', 'lt a b', 'Less than.', ([a, b]) => order(a, b) < 0),
  of('le', 'le a b', 'Less than or equal.', ([a, b]) => order(a, b) <= 0),
  of('gt', 'gt a b', 'Greater than.', ([a, b]) => order(a, b) > 0),
  of('ge', 'ge a b', 'Greater than or equal.', ([a, b]) => order(a, b) >= 0),
]
