import { explainRefusal } from '../../changes/k8s/explain.ts'
import { applyObject } from '../../changes/k8s-apply.ts'
import { deleteObject } from '../../changes/k8s-delete.ts'
import type { Change } from '../../core/change.ts'
import { type ClusterObject, fieldOf, isFields, shownObject } from '../../core/cluster-object.ts'
import type { Diagnostic } from '../../core/diagnostic.ts'
import type { AppliedAnswer, ManifestArg } from '../../questions/k8s/applied.ts'
import type { ObjectAnswer } from '../../questions/k8s/object.ts'
import { differences } from './differences.ts'

/** What is to be done about one object, and how it is then, as far as that is known before. */
export interface Decided {
  readonly change?: Change
  /** undefined: only the run tells. null: it is gone. */
  readonly object?: ClusterObject | null
  readonly failed?: Diagnostic
}

export interface Found {
  readonly wished: ManifestArg
  readonly live: ObjectAnswer
  readonly server: string
}

export function decideAbsent({ wished: { ref }, live, server }: Found): Decided {
  // Of a kind that the cluster does not know, it has none.
  if (live.state !== 'found') return { object: null }
  if (goes(live.object)) return { object: null }
  const uid = String(fieldOf(live.object, 'metadata', 'uid') ?? '')
  return { change: deleteObject({ on: server, ref, uid, fields: differences(live.object, null) }), object: null }
}

export function decidePresent(
  { wished, live, server }: Found,
  applied: AppliedAnswer,
  earlier: readonly ManifestArg[],
) {
  const { ref, definition, manifest, digest } = wished
  const make = (becomes: ClusterObject, seen: string, before: ClusterObject | null): Decided => {
    const fields = differences(before, before === null ? definition : becomes, definition)
    if (before !== null && fields.length === 0) return { object: before }
    return { change: applyObject({ on: server, ref, manifest, digest, seen, becomes, fields }) }
  }
  if (live.state === 'found' && goes(live.object)) return { failed: leaving(wished, live.object) }
  if (applied.state === 'refused') {
    const made = live.state !== 'found' && earlier.some(one => givesHome(one, wished))
    return made ? make(definition, '', null) : { failed: explainRefusal(ref, applied.said) }
  }
  return live.state === 'found'
    ? make(applied.object, identity(live.object), live.object)
    : make(applied.object, '', null)
}

/** As the change asks for it again. */
function identity(object: ClusterObject): string {
  const generation = fieldOf(object, 'metadata', 'generation')
  return `${String(fieldOf(object, 'metadata', 'uid') ?? '')}/${generation === undefined ? '' : String(generation)}`
}

/** An object made before it in the same task is its namespace, or the definition of its kind. */
function givesHome({ ref, definition }: ManifestArg, { ref: other }: ManifestArg): boolean {
  if (ref.kind === 'Namespace') return ref.name === (other.namespace ?? 'default')
  if (ref.kind !== 'CustomResourceDefinition') return false
  const spec = definition.spec
  return (
    fieldOf(spec, 'names', 'kind') === other.kind && other.apiVersion.startsWith(`${String(fieldOf(spec, 'group'))}/`)
  )
}

function goes(object: ClusterObject): boolean {
  return fieldOf(object, 'metadata', 'deletionTimestamp') !== undefined
}

function leaving({ ref }: ManifestArg, object: ClusterObject): Diagnostic {
  const found = fieldOf(object, 'metadata', 'finalizers')
  const holds = Array.isArray(found) && found.length > 0 ? `: ${found.join(', ')} hold it` : ''
  const hint = isFields(object.spec) && String(found).includes('pvc-protection') ? 'a pod still uses it; ' : ''
  return {
    code: 'refused',
    message: `${shownObject(ref)} is being deleted${holds}`,
    hint: `${hint}wait until it is gone (state: absent, wait: true), then make it anew`,
  }
}
