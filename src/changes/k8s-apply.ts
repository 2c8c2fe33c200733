import type { Change, Facet } from '../core/change.ts'
import {
  type ClusterObject,
  type ObjectRef,
  objectValue,
  type PlannedObject,
  shownObject,
} from '../core/cluster-object.ts'
import { applyManifest, objectWords } from '../core/kubectl.ts'
import type { Text } from '../core/secret.ts'
import { outText } from '../core/section.ts'
import { operand } from '../core/sh.ts'
import { explainChange, guard } from './k8s/explain.ts'
import type { ChangeKind } from './kind.ts'

/** Makes an object of a cluster what its manifest says; fields that it does not name stay. */
export interface K8sApply extends Change {
  readonly kind: 'k8s.apply'
  readonly ref: ObjectRef
  readonly manifest: Text
  readonly digest: string
  /** `uid/generation` as the plan saw it; empty: it was not there. */
  readonly seen: string
  /** As the server said that it will be. */
  readonly becomes: ClusterObject
  /** Field by field; secrets are none of them. */
  readonly fields: readonly Facet[]
}

export function applyObject(change: Omit<K8sApply, 'kind'>): K8sApply {
  return { kind: 'k8s.apply', ...change }
}

/** What the guard asks for. */
const identity = '{.metadata.uid}/{.metadata.generation}'

export const k8sApplyKind: ChangeKind<K8sApply> = {
  kind: 'k8s.apply',
  carry: ({ ref, manifest, seen }) => ({
    script: `${guard(objectWords(ref), identity, seen)}
${applyManifest(manifest, ref.namespace, '--request-timeout=30s')}${established(ref)}`,
    timeout: 90,
  }),
  outcome: section => ({ object: outText(section) }),
  explain: (section, { ref }) => explainChange(ref, section),
  fold: (shadow, { ref, becomes, digest, seen }) => {
    const planned: PlannedObject = { object: becomes, digest, fresh: seen === '' }
    shadow.values.set(objectValue(ref), planned)
  },
  diff: ({ ref, seen, fields }) => ({
    subject: shownObject(ref),
    summary: `${seen === '' ? 'make' : 'change'} ${shownObject(ref)}`,
    facets: fields,
  }),
  footprint: () => ['k8s.object', 'k8s.applied', 'k8s.family', 'k3s.nodes', 'k3s.pods'],
}

/** A kind is one only some moments after its definition; what comes next may be of it. */
function established({ kind, name }: ObjectRef): string {
  if (kind !== 'CustomResourceDefinition') return ''
  return `\nk3s kubectl wait --for=condition=Established crd ${operand(name)} --timeout=30s >/dev/null`
}
