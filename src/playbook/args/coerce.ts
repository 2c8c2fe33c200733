import type { Diagnostic } from '../../core/diagnostic.ts'
import { OMIT } from '../../core/omit.ts'
import type { Schema } from '../../core/schema.ts'
import { containsSecret, Secret } from '../../core/secret.ts'
import { Unknown } from '../../core/unknown.ts'
import type { Value, Vars } from '../../core/value.ts'
import type { Tree } from '../../language/scope.ts'
import type { ModuleSpec } from '../model.ts'
import { placeProblem } from './place.ts'
import type { Problem } from './problem.ts'
import { misplacedSecrets, takesSecret } from './secret-place.ts'
import { validateArgs } from './validate.ts'

export type Coerced = { readonly args: Vars } | { readonly problems: readonly Diagnostic[] }

/**
 * Rendered arguments as their module wants them: what is omitted is left out, a template's "8" or "true" becomes the
 * number or truth value asked for, a number the text asked for, defaults are filled in. What was written without a
 * template has been checked as it stands before. Problems get their place from the tree that was rendered.
 */
export function coerceArgs(spec: Pick<ModuleSpec, 'name' | 'args'>, rendered: Value, tree?: Tree): Coerced {
  const args = coerce(rendered, spec.args, '') as Vars
  const misplaced = containsSecret(args) ? misplacedSecrets(spec.args, args) : []
  const problems = [...validateArgs(spec, args), ...misplaced]
  if (problems.length === 0) return { args }
  return { problems: problems.map(problem => (tree ? placeProblem(problem, tree) : unplaced(problem))) }
}

function unplaced({ code, message, hint }: Problem): Diagnostic {
  return { code, message, hint }
}

function coerce(value: Value, schema: Schema, key: string): Value {
  if (value instanceof Unknown) return value
  if (value instanceof Secret) return takesSecret(schema) ? value : openedWord(value, schema, key)
  const branch = branchFor(value, schema)
  if (branch !== schema) return coerce(value, branch, key)
  if (Array.isArray(value)) {
    const { items } = schema
    return value.filter(item => item !== OMIT).map(item => (items ? coerce(item, items, key) : item))
  }
  if (typeof value === 'object' && value !== null) return coerceMap(value as Vars, schema)
  return coerceScalar(value as null | boolean | number | string, typesOf(schema), key)
}

/** What a number, a truth value or one word of a list says is no secret to be kept; any other text is. */
function openedWord(value: Secret, schema: Schema, key: string): Value {
  const branch = branchFor(value.reveal(), schema)
  const types = typesOf(branch)
  if (types.length === 0) return value
  const opened = coerceScalar(value.reveal(), types, key)
  return typeof opened !== 'string' || branch.enum ? opened : value
}

function coerceMap(value: Vars, schema: Schema): Vars {
  const { properties = {}, required = [], additionalProperties } = schema
  const result: { [name: string]: Value } = {}
  for (const [name, part] of Object.entries(value)) {
    const other = typeof additionalProperties === 'object' ? additionalProperties : {}
    const own = Object.hasOwn(properties, name) ? properties[name]! : other
    if (part === OMIT) continue
    // A template that came to nothing counts as not given, where nothing is no value of its own.
    if (part === null && Object.hasOwn(properties, name) && !accepts(null, own) && !required.includes(name)) continue
    result[name] = coerce(part, own, name)
  }
  for (const [name, { default: value }] of Object.entries(properties)) {
    if (value !== undefined && !Object.hasOwn(result, name)) result[name] = value as Value
  }
  return result
}

function coerceScalar(value: null | boolean | number | string, types: readonly string[], key: string): Value {
  if (value === null || types.length === 0 || types.includes(typeof value)) return value
  if (typeof value === 'string') {
    if (types.includes('boolean') && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true'
    if (types.includes('integer') && /^\s*[-+]?\d+\s*$/.test(value)) return Number(value)
    if (types.includes('number') && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value)
    return value
  }
  // A mode that became a number has lost its leading zero, or its octal meaning.
  if (!types.includes('string') || /(^|_)(mode|umask)$/.test(key)) return value
  if (typeof value === 'number' && types.includes('integer')) return value
  return String(value)
}

/** The branch of a choice that the value is of already, or can become; the schema itself where it is none. */
function branchFor(value: Value, schema: Schema): Schema {
  const branches = schema.anyOf ?? schema.oneOf
  if (schema.type !== undefined || schema.properties || !branches || branches.some(branch => branch.required))
    return schema
  return branches.find(branch => accepts(value, branch)) ?? branches.find(branch => becomes(value, branch)) ?? schema
}

function accepts(value: Value, schema: Schema): boolean {
  const types = typesOf(schema)
  if (schema.enum) return schema.enum.includes(value as string)
  if (schema.const !== undefined) return schema.const === value
  return types.length === 0 || types.includes(typeOf(value)) || (typeof value === 'number' && types.includes('number'))
}

function becomes(value: Value, schema: Schema): boolean {
  return typeof value !== 'object' && accepts(coerceScalar(value, typesOf(schema), ''), schema)
}

function typesOf(schema: Schema): readonly string[] {
  if (schema.type !== undefined) return typeof schema.type === 'string' ? [schema.type] : schema.type
  if (schema.enum) return [...new Set(schema.enum.map(typeOf))]
  return (schema.anyOf ?? schema.oneOf ?? []).flatMap(typesOf)
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (Number.isInteger(value)) return 'integer'
  return typeof value
}
