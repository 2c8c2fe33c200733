import { Mistake } from '../core/diagnostic.ts'
import { staticValue, treeReferences } from '../language/index.ts'
import { VariableCheck } from './check-variables.ts'
import { checkConnectionVar, connectionNames } from './connection-vars.ts'
import type { Host, VarLayer } from './model.ts'
import type { Problems } from './problems.ts'

const names = new Set<string>(Object.values(connectionNames).flat())

/** Checks what the variables read that say how hosts are reached: no task uses them, yet every run does. */
export function checkConnections(hosts: readonly Host[], extra: VarLayer, problems: Problems): void {
  for (const host of hosts) {
    const trees = host.layers.flatMap(({ vars }) =>
      [...vars].filter(([name]) => names.has(name)).map(([, tree]) => tree),
    )
    for (const name of names) checkValue(name, host, problems)
    const references = trees.flatMap(tree => treeReferences(tree))
    if (references.length === 0) continue
    const check = new VariableCheck({ hosts: [host], layers: [extra], defined: new Set(), problems })
    check.check({ references, layers: [], locals: new Set(), everywhere: true })
  }
}

/** Only what counts: a stronger layer may have put right what a weaker one says. */
function checkValue(name: string, host: Host, problems: Problems): void {
  const tree = host.layers.findLast(({ vars }) => vars.has(name))?.vars.get(name)
  const value = tree && staticValue(tree)
  if (tree === undefined || value === undefined) return
  try {
    checkConnectionVar(name, value)
  } catch (error) {
    if (!(error instanceof Mistake)) throw error
    for (const diagnostic of error.diagnostics) problems.add({ ...diagnostic, span: tree.span })
  }
}
