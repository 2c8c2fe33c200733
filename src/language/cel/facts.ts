import type { ASTNode } from '@marcbachmann/cel-js'
import { both, defined, either, type Facts, negated, noFacts } from '../guards.ts'

/** What a condition tells about which variables are defined: `has(x)` or `has(x.y)`, under `!`, `&&`, `||`. */
export function factsOf(node: ASTNode): Facts {
  switch (node.op) {
    case '&&':
      return both(factsOf(node.args[0]), factsOf(node.args[1]))
    case '||':
      return either(factsOf(node.args[0]), factsOf(node.args[1]))
    case '!_':
      return negated(factsOf(node.args))
    case 'call': {
      const [name, [argument]] = node.args
      const root = argument === undefined ? undefined : rootOf(argument)
      return name === 'has' && root !== undefined ? defined(root) : noFacts
    }
    default:
      return noFacts
  }
}

export function rootOf(node: ASTNode): string | undefined {
  if (node.op === 'id') return node.args
  return node.op === '.' || node.op === '[]' ? rootOf(node.args[0]) : undefined
}
