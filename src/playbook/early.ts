import { Unknown } from '../core/unknown.ts'
import type { Value } from '../core/value.ts'
import { renderTree } from '../language/index.ts'
import type { Scope, Template, Tree } from '../language/scope.ts'
import type { Variables } from './compile.ts'

/** A scope of variables that are known before any host is: those of -e, or none. */
export function earlyScope(vars: Variables): Scope {
  const get = (name: string): Value | undefined => {
    const tree: Tree | undefined = vars.get(name)
    return tree && renderTree(tree, none)
  }
  return { has: name => vars.has(name), get, names: () => vars.keys() }
}

const none: Scope = { has: () => false, get: () => undefined, names: () => [] }

/** The text of a template in which nothing is variable; undefined where something is. */
export function constantOf(template: Template | undefined): string | undefined {
  if (!template || template.references.length > 0) return undefined
  const value = template.render({ ...none, get: name => new Unknown(name) })
  return value instanceof Unknown ? undefined : String(value)
}
