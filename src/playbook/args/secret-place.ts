import type { Schema } from '../../core/schema.ts'
import { Secret } from '../../core/secret.ts'
import { type Path, type Problem, pathText } from './problem.ts'

/**
 * Secrets where a module takes none: a name, a path or an option ends in arguments of programs and in logs, where
 * everybody on the host may read it. Numbers, truth values and words of a list are opened before, and no secrets here.
 */
export function misplacedSecrets(schema: Schema, value: unknown, path: Path = []): readonly Problem[] {
  if (value instanceof Secret) return takesSecret(schema) ? [] : [misplaced(path)]
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return []
  return Object.entries(value).flatMap(([key, part]) => {
    const index = Array.isArray(value) ? Number(key) : key
    return branches(schema).flatMap(branch => inner(branch, index) ?? []).length === 0
      ? []
      : leastProblems(schema, index, part, [...path, index])
  })
}

/** Of the forms that a value may have, the one it fits best. */
function leastProblems(schema: Schema, index: string | number, part: unknown, path: Path): readonly Problem[] {
  const found = branches(schema)
    .map(branch => inner(branch, index))
    .filter(branch => branch !== undefined)
    .map(branch => misplacedSecrets(branch, part, path))
  return found.sort((a, b) => a.length - b.length)[0] ?? []
}

function inner({ items, properties = {}, additionalProperties }: Schema, index: string | number): Schema | undefined {
  if (typeof index === 'number') return items
  if (Object.hasOwn(properties, index)) return properties[index]
  return typeof additionalProperties === 'object' ? additionalProperties : undefined
}

/** A schema that says nothing of the type hands the value on as it is. */
export function takesSecret(schema: Schema): boolean {
  if (schema.secret) return true
  const others = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  if (others.length > 0) return others.some(takesSecret)
  return schema.type === undefined && schema.enum === undefined && schema.const === undefined && !schema.properties
}

function branches(schema: Schema): readonly Schema[] {
  return [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
}

function misplaced(path: Path): Problem {
  const message = `'${pathText(path)}' takes no secret: programs and logs of the host would show it`
  const hint = 'if it is no secret, keep it out of encrypted files; else hand it over as a content, or by stdin'
  return { path, code: 'wrong-value', message, hint }
}
