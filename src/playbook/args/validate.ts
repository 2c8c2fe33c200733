import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { Schema } from '../../core/schema.ts'
import { Secret } from '../../core/secret.ts'
import type { ModuleSpec } from '../model.ts'
import { explain } from './explain.ts'
import { surelyFits } from './fits.ts'
import { isOpen } from './open.ts'
import { onlyRequires, type Path, type Problem, startsWith } from './problem.ts'

let library: Ajv | undefined
const compiled = new WeakMap<Schema, ValidateFunction>()

/** Checks arguments against their module: everything that does not fit. Unknown and dynamic parts fit everywhere. */
export function validateArgs(spec: Pick<ModuleSpec, 'name' | 'args'>, values: unknown): readonly Problem[] {
  return validate(spec.args, values, spec.name)
}

/** `where` names the whole for people: a module, a file. */
export function validate(schema: Schema, values: unknown, where: string): readonly Problem[] {
  return surelyFits(schema, values) ? [] : verdict(schema, values, where)
}

/** What the validator says, whose compiling of a schema takes milliseconds. */
export function verdict(schema: Schema, values: unknown, where: string): readonly Problem[] {
  const check = checkOf(schema)
  const open: Path[] = []
  const secrets: Path[] = []
  if (check(plain(values, [], { open, secrets }))) return []
  const errors = (check.errors ?? []).map(error => ({ ...error, path: pathOf(error, values) }))
  const decided = decidedOf(errors, open)
  return explain(decided, { where, schema, isSecret: path => secrets.some(secret => startsWith(path, secret)) })
}

function checkOf(schema: Schema): ValidateFunction {
  const known = compiled.get(schema)
  if (known) return known
  library ??= newLibrary()
  const check = library.compile(schema)
  compiled.set(schema, check)
  return check
}

function newLibrary(): Ajv {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, validateSchema: false, validateFormats: false })
  return ajv.addVocabulary(['secret', 'lookup', 'expects', 'unknown', 'aliases'])
}

export type Located = ErrorObject & { readonly path: Path }

/** The value with secrets as their text and what is not known as null, whose errors are left out. */
function plain(value: unknown, path: Path, found: { open: Path[]; secrets: Path[] }): unknown {
  if (isOpen(value)) {
    found.open.push(path)
    return null
  }
  if (value instanceof Secret) {
    found.secrets.push(path)
    return value.reveal()
  }
  if (Array.isArray(value)) return value.map((item, i) => plain(item, [...path, i], found))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part, [...path, key], found)]))
}

function pathOf(error: ErrorObject, root: unknown): Path {
  const parts = error.instancePath
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  let at = root
  return parts.map(part => {
    const index = Array.isArray(at) ? Number(part) : part
    at = typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[index] : undefined
    return index
  })
}

/** The errors that stay whatever the open values turn out to be. */
function decidedOf(errors: readonly Located[], open: readonly Path[]): readonly Located[] {
  const certain = errors.filter(error => !open.some(path => startsWith(error.path, path)))
  const vain = certain.filter(error => isChoice(error) && mayFit(error, certain, open))
  return certain.filter(error => !vain.some(choice => error === choice || isBranchOf(error, choice)))
}

function isChoice({ keyword }: Located): boolean {
  return keyword === 'anyOf' || keyword === 'oneOf' || keyword === 'not'
}

/** Whether a choice may hold once the open values below it are known. */
function mayFit(choice: Located, errors: readonly Located[], open: readonly Path[]): boolean {
  if (!open.some(path => startsWith(path, choice.path))) return false
  if (choice.keyword === 'not') return !onlyRequires(choice.schema as Schema)
  const branches = choice.schema as readonly Schema[]
  if (branches.every(onlyRequires)) return false
  const mistaken = (i: number) => errors.some(error => error.schemaPath.startsWith(`${choice.schemaPath}/${i}/`))
  return branches.some((_, i) => !mistaken(i))
}

export function isBranchOf(error: Located, choice: Located): boolean {
  return error.schemaPath.startsWith(`${choice.schemaPath}/`)
}
