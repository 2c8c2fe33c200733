import { type ClusterObject, isFields } from '../../core/cluster-object.ts'
import { mask, Secret } from '../../core/secret.ts'
import type { Value } from '../../core/value.ts'

/** An object as a register keeps it: what a Secret holds is one there too, and no other secret is in it as a text. */
export function told(object: ClusterObject): Value {
  const { data, stringData, ...rest } = object
  if (object.kind !== 'Secret') return masked(object)
  const held = { data, stringData }
  const texts = Object.entries(held).flatMap(([name, map]) => (isFields(map) ? [[name, secrets(map)] as const] : []))
  return { ...(masked(rest) as object), ...Object.fromEntries(texts) }
}

function secrets(map: { readonly [name: string]: unknown }): Value {
  const values = Object.entries(map).map(([name, text]) => [name, typeof text === 'string' ? new Secret(text) : text])
  return Object.fromEntries(values) as Value
}

function masked(value: unknown): Value {
  if (typeof value === 'string') return mask(value)
  if (Array.isArray(value)) return value.map(masked)
  if (!isFields(value) || value instanceof Secret) return value as Value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, masked(part)]))
}
