import type { Code } from '../../core/codes.ts'
import type { Schema } from '../../core/schema.ts'

/** What does not fit a schema, and where below the value: keys and indices from its root. */
export interface Problem {
  readonly path: readonly (string | number)[]
  readonly code: Code
  /** Speaks of the argument by name; never holds a secret's text. */
  readonly message: string
  readonly hint?: string | undefined
  /** The path names a key that should not be there: its own place is meant, not its value's. */
  readonly key?: boolean
}

export type Path = Problem['path']

/** `labels.hardware`, `key[2]`: a path as people read it. */
export function pathText(path: Path): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('')
}

export function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((part, i) => String(path[i]) === String(part))
}

/** Whether a schema looks at which keys are there, and at no value. */
export function onlyRequires(schema: Schema): boolean {
  return Object.keys(schema).every(
    key => key === 'required' || key === 'description' || (key === 'not' && onlyRequires(schema.not!)),
  )
}
