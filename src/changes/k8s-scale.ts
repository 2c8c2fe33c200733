import type { Change } from '../core/change.ts'
import {
  type ClusterObject,
  type ObjectRef,
  objectValue,
  type PlannedObject,
  shownObject,
} from '../core/cluster-object.ts'
import { objectWords } from '../core/kubectl.ts'
import { quote } from '../core/sh.ts'
import { explainChange, guard } from './k8s/explain.ts'
import type { ChangeKind } from './kind.ts'

/** How many pods a workload, or a resource of an operator, wants. */
export interface K8sScale extends Change {
  readonly kind: 'k8s.scale'
  readonly ref: ObjectRef
  readonly replicas: number
  /** As the plan saw it; undefined: it does not say. */
  readonly before: number | undefined
  /** The object as it will be. */
  readonly becomes: ClusterObject
}

export function scaleObject(change: Omit<K8sScale, 'kind'>): K8sScale {
  return { kind: 'k8s.scale', ...change }
}

export const k8sScaleKind: ChangeKind<K8sScale> = {
  kind: 'k8s.scale',
  // By a patch, which works for every kind: not every resource of an operator can be scaled by `kubectl scale`.
  carry: ({ ref, replicas, before }) => ({
    script: `${guard(objectWords(ref), '{.spec.replicas}', String(before ?? ''))}
k3s kubectl patch ${objectWords(ref)} --type=merge -p ${quote(JSON.stringify({ spec: { replicas } }))} --request-timeout=30s >/dev/null`,
    timeout: 90,
  }),
  explain: (section, { ref }) => explainChange(ref, section),
  fold: (shadow, { ref, becomes }) => {
    shadow.values.set(objectValue(ref), { object: becomes, fresh: false } satisfies PlannedObject)
  },
  diff: ({ ref, replicas, before }) => ({
    subject: shownObject(ref),
    summary: `scale ${shownObject(ref)}`,
    facets: [{ name: 'spec.replicas', before: String(before ?? ''), after: String(replicas) }],
  }),
  footprint: () => ['k8s.object', 'k8s.applied', 'k8s.family', 'k3s.nodes', 'k3s.pods'],
}
