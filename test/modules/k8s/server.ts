import { createHash } from 'node:crypto'
import type { ClusterObject, ObjectRef } from '../../../src/core/cluster-object.ts'
import { type AppliedAnswer, appliedObject } from '../../../src/questions/k8s/applied.ts'
import { clusterObject, type ObjectAnswer } from '../../../src/questions/k8s/object.ts'
import { type Answers, saysOn } from '../plan-with.ts'

export const absent: ObjectAnswer = { state: 'absent' }
export const found = (object: ClusterObject): ObjectAnswer => ({ state: 'found', object })
export const made = (object: ClusterObject): AppliedAnswer => ({ state: 'made', object })
export const refused = (said: string): AppliedAnswer => ({ state: 'refused', said })

interface Manifest extends ClusterObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

export function refOf({ apiVersion, kind, metadata }: Manifest): ObjectRef {
  return { apiVersion, kind, ...metadata }
}

/** What the server has of it, and what it says of applying it. `sent`: the manifest, where secrets are in it. */
export function onServer(definition: Manifest, live: ObjectAnswer, applied?: AppliedAnswer, sent?: object): Answers {
  const manifest = JSON.stringify(sent ?? definition)
  const digest = createHash('sha256').update(manifest).digest('hex')
  const ref = refOf(definition)
  const trial = appliedObject({ ref, definition, manifest, digest })
  return [saysOn('srv', clusterObject(ref), live), ...(applied === undefined ? [] : [saysOn('srv', trial, applied)])]
}
