import { didYouMean } from '../../core/did-you-mean.ts'
import type { Schema } from '../../core/schema.ts'
import { onlyRequires, type Path, type Problem, pathText } from './problem.ts'
import type { Located } from './validate.ts'

interface About {
  readonly where: string
  readonly schema: Schema
  isSecret(path: Path): boolean
}

/** The validator's errors in our words; those of branches that a choice tried are told by the choice. */
export function explain(errors: readonly Located[], about: About): readonly Problem[] {
  const choices = errors.filter(error => error.keyword === 'anyOf' || error.keyword === 'oneOf')
  const inner = (error: Located) => choices.some(choice => error.schemaPath.startsWith(`${choice.schemaPath}/`))
  return errors
    .filter(error => !inner(error))
    .flatMap(error => {
      if (!choices.includes(error)) return one(error, about)
      const branchErrors = errors.filter(other => other.schemaPath.startsWith(`${error.schemaPath}/`))
      return choice(error, branchErrors, about)
    })
}

function one(error: Located, about: About): Problem[] {
  const problem = words[error.keyword]?.(error, about)
  if (problem) return [{ path: error.path, ...problem }]
  const message = `${name(error, about)} ${error.message ?? 'does not fit'}`
  return [{ path: error.path, code: 'wrong-value', message }]
}

type Said = Omit<Problem, 'path'> & { readonly path?: Path }

const words: { readonly [keyword: string]: (error: Located, about: About) => Said } = {
  type: wrongType,
  required(error, about) {
    const { missingProperty } = error.params as { missingProperty: string }
    return { code: 'missing-key', message: `${name(error, about)} needs '${missingProperty}'` }
  },
  additionalProperties(error, about) {
    const { additionalProperty: key } = error.params as { additionalProperty: string }
    const known = Object.keys((error.parentSchema as Schema).properties ?? {})
    const near = didYouMean(key, known)
    const hint = near === undefined ? `known are ${known.join(', ')}` : `did you mean '${near}'?`
    return {
      path: [...error.path, key],
      code: 'unknown-key',
      message: `${name(error, about)} has no '${key}'`,
      hint,
      key: true,
    }
  },
  enum(error, about) {
    const allowed = (error.schema as readonly unknown[]).map(String)
    const given = shown(error, about)
    const near = typeof error.data === 'string' && given !== '' ? didYouMean(error.data, allowed) : undefined
    const message = `${name(error, about)} must be ${list(allowed)}${given}`
    return { code: 'wrong-value', message, hint: near && `did you mean '${near}'?` }
  },
  const: (error, about) => ({
    code: 'wrong-value',
    message: `${name(error, about)} must be ${String(error.schema)}${shown(error, about)}`,
  }),
  pattern(error, about) {
    const expects = (error.parentSchema as Schema).expects ?? `of the form ${String(error.schema)}`
    return { code: 'wrong-value', message: `${name(error, about)} must be ${expects}${shown(error, about)}` }
  },
  minimum: (error, about) => ({
    code: 'wrong-value',
    message: `${name(error, about)} must be at least ${String(error.schema)}${shown(error, about)}`,
  }),
  maximum: (error, about) => ({
    code: 'wrong-value',
    message: `${name(error, about)} must be at most ${String(error.schema)}${shown(error, about)}`,
  }),
  minLength: (error, about) => ({ code: 'wrong-value', message: `${name(error, about)} must not be empty` }),
  minItems: (error, about) => ({
    code: 'wrong-value',
    message: `${name(error, about)} needs at least ${String(error.schema)} of them`,
  }),
  not(error, about) {
    const { required } = error.schema as Schema
    if (required?.length === 1)
      return { code: 'conflicting', message: `${name(error, about)} takes no '${required[0]}' here` }
    if (required)
      return { code: 'conflicting', message: `${name(error, about)} takes ${list(required.map(quoted))}, not both` }
    return { code: 'wrong-value', message: `${name(error, about)} does not fit` }
  },
}

const typeWords: { readonly [type: string]: string } = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'nothing',
}

function wrongType(error: Located, about: About): Said {
  const types = typesOf(error.parentSchema as Schema)
  const message = `${name(error, about)} must be ${list(types.map(type => typeWords[type] ?? type))}, not ${kindOf(error.data)}`
  return { code: 'wrong-type', message, hint: typeHint(error, types) }
}

function typeHint({ data, path }: Located, types: readonly string[]): string | undefined {
  const last = path.at(-1)
  if (typeof data === 'number' && /(^|_)(mode|umask)$/.test(String(last)))
    return "a mode is a text in quotes, such as '0644'"
  if (typeof data === 'string' && types.includes('boolean') && /^(y|yes|on|n|no|off)$/i.test(data)) {
    return `write ${/^(y|yes|on)$/i.test(data) ? 'true' : 'false'}`
  }
  if (typeof data === 'string' && types.includes('integer') && /^-?\d+$/.test(data)) return 'take the quotes away'
  if ((typeof data === 'number' || typeof data === 'boolean') && types.includes('string')) return 'put it in quotes'
  if (typeof data === 'string' && types.includes('array')) return 'write it as a list: [one, two]'
  return data === null ? 'give it a value, or take the line out' : undefined
}

/** None, or more than one, of several ways fits. */
function choice(error: Located, branchErrors: readonly Located[], about: About): Problem[] {
  const branches = error.schema as readonly Schema[]
  if (branches.every(onlyRequires)) return [{ path: error.path, ...requirement(error, branches, about) }]
  const deeper = branchErrors.filter(other => other.path.length > error.path.length)
  const sameType = branchErrors.filter(other => other.keyword !== 'type')
  const telling = deeper.length > 0 ? deeper : sameType
  if (telling.length > 0) return explain(telling, about).slice(0, 1)
  const types = [...new Set(branches.flatMap(typesOf))]
  return [{ path: error.path, ...wrongType({ ...error, parentSchema: { type: types } }, about) }]
}

function requirement(error: Located, branches: readonly Schema[], about: About): Said {
  const names = [...new Set(branches.flatMap(branch => branch.required ?? []))].map(quoted)
  const given = branches.filter(branch => branch.required?.every(key => Object.hasOwn(error.data as object, key)))
  if (given.length > 1)
    return { code: 'conflicting', message: `${name(error, about)} takes only one of ${names.join(', ')}` }
  return { code: 'missing-key', message: `${name(error, about)} needs ${list(names)}` }
}

function typesOf(schema: Schema): readonly string[] {
  if (schema.type !== undefined) return typeof schema.type === 'string' ? [schema.type] : schema.type
  return (schema.anyOf ?? schema.oneOf ?? []).flatMap(typesOf)
}

function name({ path }: Located, { where }: About): string {
  return path.length === 0 ? `'${where}'` : `'${pathText(path)}'`
}

function quoted(text: string): string {
  return `'${text}'`
}

function list(texts: readonly string[]): string {
  return texts.length < 2 ? (texts[0] ?? '') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`
}

function kindOf(data: unknown): string {
  if (data === null) return 'nothing'
  if (Array.isArray(data)) return 'a list'
  return (
    { object: 'a map', string: 'a text', number: 'a number', boolean: 'a truth value' }[typeof data as string] ?? 'that'
  )
}

/** The given value, where it may be shown and is short. */
function shown({ data, path }: Located, { isSecret }: About): string {
  if (isSecret(path) || typeof data === 'object') return ''
  const text = String(data)
  return text.length > 60 ? '' : `, not '${text}'`
}
