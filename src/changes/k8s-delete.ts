import type { Change, Facet } from '../core/change.ts'
import { type ObjectRef, objectValue, type PlannedObject, shownObject } from '../core/cluster-object.ts'
import { objectWords } from '../core/kubectl.ts'
import { explainChange, guard } from './k8s/explain.ts'
import type { ChangeKind } from './kind.ts'

/** Deletes an object of a cluster, and what it owns. */
export interface K8sDelete extends Change {
  readonly kind: 'k8s.delete'
  readonly ref: ObjectRef
  /** Its uid as the plan saw it. */
  readonly uid: string
  readonly fields: readonly Facet[]
}

export function deleteObject(change: Omit<K8sDelete, 'kind'>): K8sDelete {
  return { kind: 'k8s.delete', ...change }
}

export const k8sDeleteKind: ChangeKind<K8sDelete> = {
  kind: 'k8s.delete',
  // Whether it is gone is looked at again and again, not waited for in the shared shell.
  carry: ({ ref, uid }) => ({
    script: `${guard(objectWords(ref), '{.metadata.uid}', uid)}
k3s kubectl delete ${objectWords(ref)} --ignore-not-found --wait=false --request-timeout=30s >/dev/null`,
    timeout: 90,
  }),
  explain: (section, { ref }) => explainChange(ref, section),
  fold: (shadow, { ref }) => {
    shadow.values.set(objectValue(ref), { object: null, fresh: false } satisfies PlannedObject)
  },
  diff: ({ ref, fields }) => ({ subject: shownObject(ref), summary: `delete ${shownObject(ref)}`, facets: fields }),
  footprint: () => ['k8s.object', 'k8s.applied', 'k8s.family', 'k3s.nodes', 'k3s.pods'],
}
