import type { Schema } from '../../core/schema.ts'
import { Secret } from '../../core/secret.ts'
import { isOpen } from './open.ts'
import { onlyRequires } from './problem.ts'

/**
 * Whether a value surely fits: true only where the validator would find nothing, so that it need not be loaded for the
 * good case. False means it must be asked, not that anything is wrong.
 */
export function surelyFits(schema: Schema, value: unknown): boolean {
  if (isOpen(value)) return true
  const plain = value instanceof Secret ? value.reveal() : value
  return Object.keys(schema).every(keyword => fitsKeyword(schema, keyword as keyof Schema, plain))
}

function fitsKeyword(schema: Schema, keyword: keyof Schema, value: unknown): boolean {
  const check = checks[keyword]
  return check?.(schema, value) ?? false
}

type Check = (schema: Schema, value: unknown) => boolean
const noMatter: Check = () => true

const checks: { readonly [K in keyof Schema]-?: Check } = {
  description: noMatter,
  default: noMatter,
  secret: noMatter,
  lookup: noMatter,
  expects: noMatter,
  unknown: noMatter,
  aliases: noMatter,
  type: ({ type }, value) => (typeof type === 'string' ? isOf(type, value) : type!.some(one => isOf(one, value))),
  enum: (schema, value) => isPlain(value) && schema.enum!.includes(value),
  const: (schema, value) => value === schema.const,
  pattern: ({ pattern }, value) => typeof value !== 'string' || regex(pattern!).test(value),
  minimum: ({ minimum }, value) => typeof value !== 'number' || value >= minimum!,
  maximum: ({ maximum }, value) => typeof value !== 'number' || value <= maximum!,
  minLength: ({ minLength }, value) => typeof value !== 'string' || [...value].length >= minLength!,
  minItems: ({ minItems }, value) => !Array.isArray(value) || value.length >= minItems!,
  items: ({ items }, value) => !Array.isArray(value) || value.every(item => surelyFits(items!, item)),
  required: ({ required }, value) => !isMap(value) || required!.every(key => Object.hasOwn(value, key)),
  properties: ({ properties }, value) =>
    !isMap(value) ||
    Object.entries(value).every(
      ([key, part]) => !Object.hasOwn(properties!, key) || surelyFits(properties![key]!, part),
    ),
  additionalProperties: (schema, value) => !isMap(value) || othersFit(schema, value),
  anyOf: ({ anyOf }, value) => anyOf!.some(branch => surelyFits(branch, value)),
  allOf: ({ allOf }, value) => allOf!.every(branch => surelyFits(branch, value)),
  // To say that a branch does not fit needs certainty, which there is only about which keys are there.
  oneOf: ({ oneOf }, value) =>
    oneOf!.every(onlyRequires) && oneOf!.filter(branch => surelyFits(branch, value)).length === 1,
  not: ({ not }, value) => onlyRequires(not!) && isMap(value) && !surelyFits(not!, value),
}

function othersFit({ properties = {}, additionalProperties }: Schema, value: object): boolean {
  const others = Object.entries(value).filter(([key]) => !Object.hasOwn(properties, key))
  if (typeof additionalProperties === 'object')
    return others.every(([, part]) => surelyFits(additionalProperties, part))
  return additionalProperties === true || others.length === 0
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'number') return Number.isFinite(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isMap(value)
  return type === 'null' ? value === null : typeof value === type
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isPlain(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value !== 'object'
}

const regexes = new Map<string, RegExp>()

function regex(pattern: string): RegExp {
  const known = regexes.get(pattern) ?? new RegExp(pattern, 'u')
  regexes.set(pattern, known)
  return known
}
