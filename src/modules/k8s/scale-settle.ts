import { type ClusterObject, fieldOf, type ObjectRef, shownObject } from '../../core/cluster-object.ts'
import { Failure } from '../../core/diagnostic.ts'
import type { Seen, Settle, Settled } from '../../core/module.ts'
import { type Asking, askAll, on } from '../../core/question.ts'
import { type FamilyMember, familyOf } from '../../questions/k8s/family.ts'
import { clusterObject } from '../../questions/k8s/object.ts'
import { isWorkload } from './kinds.ts'

export interface Scaled {
  readonly ref: ObjectRef
  readonly replicas: number
  readonly server: string
  readonly within: number
}

/** So many pods of it are Ready, and no other is left: those that end count as long as they are there. */
export function settleScale(scaled: Scaled): Settle {
  const { ref, replicas, within } = scaled
  return {
    what: replicas === 0 ? `the pods of ${shownObject(ref)} to be gone` : `${replicas} pods of ${shownObject(ref)}`,
    within,
    look: seen => look(seen, scaled),
  }
}

function* look({ last }: Seen, { ref, replicas, server, within }: Scaled): Asking<Settled> {
  const [live, family] = yield* askAll(on(server, clusterObject(ref)), on(server, familyOf(ref.namespace ?? 'default')))
  if (live.state !== 'found') throw gone(ref)
  const now = fieldOf(live.object, 'spec', 'replicas')
  if (now !== replicas) throw setBack(ref, replicas, now)
  const waiting = stillWaiting(live.object, family, { ref, replicas })
  if (waiting === undefined) return { done: true, result: { replicas } }
  if (!last) return { waiting }
  const hint =
    replicas === 0
      ? 'see why its pods do not end: `k3s kubectl describe pods`; one on a node that is off must be deleted by hand'
      : 'look at its pods: `k3s kubectl describe pods`, `k3s kubectl logs`; where nothing shows them, wait: false'
  throw new Failure({ code: 'wait-timeout', message: `not so within ${within} s: ${waiting}`, hint })
}

function stillWaiting(
  object: ClusterObject,
  family: readonly FamilyMember[],
  { ref, replicas }: Pick<Scaled, 'ref' | 'replicas'>,
): string | undefined {
  const uid = String(fieldOf(object, 'metadata', 'uid') ?? '')
  const workloads = family.filter(one => one.kind !== 'Pod' && one.controller === uid)
  // An operator's resource says how many; its workloads have them.
  const own = isWorkload(ref.kind)
  if (!own && !workloads.some(one => one.replicas === replicas)) {
    return `no workload of ${shownObject(ref)} wants ${replicas} pods yet`
  }
  const wanted = own ? replicas : workloads.reduce((sum, one) => sum + one.replicas, 0)
  const pods = descendants(uid, family).filter(one => one.kind === 'Pod' && !one.finished)
  const ready = pods.filter(one => one.ready).length
  if (pods.length === wanted && ready === wanted) return undefined
  return `${pods.length} pods of ${shownObject(ref)} are there, ${ready} Ready, ${wanted} wanted`
}

/** All below it, through as many owners as there are. */
function descendants(uid: string, family: readonly FamilyMember[], depth = 4): readonly FamilyMember[] {
  if (depth === 0) return []
  const children = family.filter(one => one.controller === uid)
  return [...children, ...children.flatMap(one => descendants(one.uid, family, depth - 1))]
}

function gone(ref: ObjectRef): Failure {
  const hint = 'something deleted it: look who does'
  return new Failure({ code: 'not-found', message: `${shownObject(ref)} is not there any more`, hint })
}

function setBack(ref: ObjectRef, replicas: number, now: unknown): Failure {
  const told = now === undefined ? 'nothing, so its kind may have no such field' : String(now)
  return new Failure({
    code: 'changed-underneath',
    message: `spec.replicas of ${shownObject(ref)} was set to ${replicas} and is ${told} now: something else decides it`,
    hint: 'look for a HorizontalPodAutoscaler, or for Flux or another operator that holds its manifest: change it there, or suspend that first',
  })
}
