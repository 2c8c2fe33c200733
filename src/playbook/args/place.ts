import type { Diagnostic } from '../../core/diagnostic.ts'
import type { Span } from '../../core/span.ts'
import type { Node } from '../../language/node.ts'
import type { Tree } from '../../language/scope.ts'
import type { Problem } from './problem.ts'

/** A problem of a value with the place in the tree it was read from. */
export function placeProblem(problem: Problem, tree: Tree): Diagnostic {
  const { code, message, hint } = problem
  return { code, message, hint, span: spanAt(tree, problem) }
}

/** As far down the path as the tree goes. */
function spanAt(tree: Tree, { path, key }: Problem): Span {
  let at: Tree = tree
  for (const [i, part] of path.entries()) {
    const next: Tree | undefined = child(at, part)
    if (at.kind === 'map' && key && i === path.length - 1) return at.keys.get(String(part)) ?? at.span
    if (!next) return at.span
    at = next
  }
  return at.span
}

function child(tree: Tree, part: string | number): Tree | undefined {
  if (tree.kind === 'map') return tree.entries.get(String(part))
  return tree.kind === 'list' ? tree.items[Number(part)] : undefined
}

/** A node's value without its places. */
export function plainValue(node: Node): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(plainValue)
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainValue(value)]))
}
