import { both, defined, either, type Facts, negated, noFacts } from '../guards.ts'
import type { ExpressionNode } from '../handlebars/ast.ts'

/** What a condition tells about which variables are defined: `(has x)`, also under `not`, `and`, `or`. */
export function factsOf(node: ExpressionNode | undefined): Facts {
  if (node?.type !== 'SubExpression' || node.path.type !== 'PathExpression') return noFacts
  const [first] = node.params
  const parts = node.params.map(factsOf)
  switch (node.path.original) {
    case 'has':
    case 'exists':
      return first?.type === 'PathExpression' && !first.data ? defined(first.parts[0] ?? '') : noFacts
    case 'not':
      return negated(parts[0] ?? noFacts)
    case 'and':
      return parts.reduce(both)
    case 'or':
      return parts.reduce(either)
    default:
      return noFacts
  }
}
