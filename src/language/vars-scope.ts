import type { Vars } from '../core/value.ts'
import type { Scope } from './scope.ts'

/** A scope of plain values. */
export function varsScope(vars: Vars): Scope {
  return {
    has: name => Object.hasOwn(vars, name),
    get: name => (Object.hasOwn(vars, name) ? vars[name] : undefined),
    names: () => Object.keys(vars),
  }
}
