import type { Tree } from '../../language/scope.ts'
import type { ModuleSpec } from '../model.ts'
import type { Problems } from '../problems.ts'
import { dynamic } from './open.ts'
import { placeProblem } from './place.ts'
import { validateArgs } from './validate.ts'

/** Checks a task's arguments as far as they are known before anything runs; templates fit everywhere. */
export function checkArgs(spec: ModuleSpec, tree: Tree, problems: Problems): void {
  for (const problem of validateArgs(spec, knownValue(tree))) problems.add(placeProblem(problem, tree))
}

function knownValue(tree: Tree): unknown {
  if (tree.kind === 'value') return tree.value
  if (tree.kind === 'template') return dynamic
  if (tree.kind === 'list') return tree.items.map(knownValue)
  return Object.fromEntries([...tree.entries].map(([key, part]) => [key, knownValue(part)]))
}
