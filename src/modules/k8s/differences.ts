import type { Facet } from '../../core/change.ts'
import { type ClusterObject, isFields } from '../../core/cluster-object.ts'
import { mask, Secret } from '../../core/secret.ts'

/**
 * Field by field, what differs between two states of an object; null: it is not there. What the cluster keeps for
 * itself (its status, counters, who owns a field) is no part of it.
 */
export function differences(before: ClusterObject | null, after: ClusterObject | null, wish?: ClusterObject) {
  const isSecret = (before ?? after)?.kind === 'Secret'
  return walk({ before: own(before), after: own(after), wish }, '').map(facet =>
    isSecret && /^(data|stringData)\b/.test(facet.name) ? hidden(facet) : facet,
  )
}

interface Compared {
  readonly before: unknown
  readonly after: unknown
  /** What the task says there: where it is a secret, so is what was there before. */
  readonly wish: unknown
}

function walk({ before, after, wish }: Compared, path: string): readonly Facet[] {
  if (isFields(before) || isFields(after)) {
    const [old, now, said] = [before, after, wish].map(fieldsOf) as [Fields, Fields, Fields]
    if (Object.keys({ ...old, ...now }).length > 0) return parts(old, now, said, name => nameIn(path, name))
  }
  if (Array.isArray(before) || Array.isArray(after)) {
    const [old, now, said] = [before, after, wish].map(itemsOf) as [Fields, Fields, Fields]
    if (Object.keys({ ...old, ...now }).length > 0) return parts(old, now, said, name => `${path}[${name}]`)
  }
  const facet = { name: path, before: shown(before), after: shown(after) }
  const open = !(before instanceof Secret || after instanceof Secret)
  if (open && JSON.stringify(before) === JSON.stringify(after)) return []
  return [wish instanceof Secret ? hidden(facet) : facet]
}

type Fields = { readonly [name: string]: unknown }

function parts(old: Fields, now: Fields, said: Fields, name: (part: string) => string): readonly Facet[] {
  const names = [...new Set([...Object.keys(now), ...Object.keys(old)])]
  return names.flatMap(part => walk({ before: old[part], after: now[part], wish: said[part] }, name(part)))
}

/** A field's name as jsonpath has it, where it has dots in it. */
function nameIn(path: string, name: string): string {
  if (/[.[\]]/.test(name)) return `${path}["${name}"]`
  return path === '' ? name : `${path}.${name}`
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}

/** By their names where all have one of their own, so that one that is added shows as that. */
function itemsOf(value: unknown): Fields {
  if (!Array.isArray(value)) return {}
  const names = value.map(item => (isFields(item) && typeof item.name === 'string' ? item.name : undefined))
  const named = names.every(name => name !== undefined) && new Set(names).size === names.length
  return Object.fromEntries(value.map((item, i) => [named ? names[i]! : String(i), item]))
}

const kept = new Set(['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink'])
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

function own(object: ClusterObject | null): ClusterObject {
  if (object === null) return {}
  const { status: _, metadata, ...rest } = object
  const { annotations, ...more } = fieldsOf(metadata)
  const notes = Object.entries(fieldsOf(annotations)).filter(([name]) => name !== lastApplied)
  const named = Object.entries(more).filter(([name]) => !kept.has(name))
  return {
    ...rest,
    metadata: {
      ...Object.fromEntries(named),
      ...(notes.length === 0 ? {} : { annotations: Object.fromEntries(notes) }),
    },
  }
}

function hidden({ name, before, after }: Facet): Facet {
  return { name, before: before === '' ? '' : '<secret>', after: after === '' ? '' : '<another secret>' }
}

function shown(value: unknown): string {
  return value instanceof Secret ? String(value) : mask(shownRaw(value))
}

function shownRaw(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' && value !== '' ? value : JSON.stringify(value)
}
