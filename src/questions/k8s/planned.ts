import {
  type ClusterObject,
  fieldOf,
  type ObjectRef,
  objectValue,
  type PlannedObject,
  shownObject,
} from '../../core/cluster-object.ts'
import type { Shadow } from '../../core/shadow.ts'
import { Unknown } from '../../core/unknown.ts'

/** An object as the planned changes leave it; undefined where they say nothing of it. */
export function plannedObject(shadow: Shadow, ref: ObjectRef): PlannedObject | Unknown | undefined {
  const own = shadow.values.get(objectValue(ref))
  if (own instanceof Unknown) return own
  if (own !== undefined) return own as PlannedObject
  return hasNoHome(shadow, ref) ? { object: null, fresh: false } : undefined
}

export function alteredFirst(ref: ObjectRef): Unknown {
  return new Unknown(`${shownObject(ref)} is changed first`)
}

/** In a namespace that is only planned, or of a kind that is, there is nothing yet; in one that goes, nothing more. */
function hasNoHome(shadow: Shadow, ref: ObjectRef): boolean {
  const home = { apiVersion: 'v1', kind: 'Namespace', name: ref.namespace ?? 'default' }
  const namespace = shadow.values.get(objectValue(home)) as PlannedObject | Unknown | undefined
  if (namespace !== undefined && !(namespace instanceof Unknown) && (namespace.fresh || namespace.object === null)) {
    return true
  }
  return [...shadow.values].some(([name, planned]) => {
    if (!name.startsWith('k8s:CustomResourceDefinition.') || planned instanceof Unknown) return false
    const { object, fresh } = planned as PlannedObject
    return fresh && defines(object, ref)
  })
}

function defines(definition: ClusterObject | null | undefined, { apiVersion, kind }: ObjectRef): boolean {
  const group = fieldOf(definition, 'spec', 'group')
  return fieldOf(definition, 'spec', 'names', 'kind') === kind && apiVersion.startsWith(`${String(group)}/`)
}
