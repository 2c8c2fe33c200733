import { type ClusterObject, fieldOf, isFields } from '../../core/cluster-object.ts'

/** Why an object is not what it is there for yet; undefined where it is, or where its kind says nothing of that. */
export function unready(object: ClusterObject): Unready | undefined {
  return rules[String(object.kind)]?.(object)
}

export interface Unready {
  readonly why: string
  /** What to look for when it stays so. */
  readonly hint: string
}

const rules: { readonly [kind: string]: (object: ClusterObject) => Unready | undefined } = {
  PersistentVolumeClaim: claim,
  PersistentVolume: volume,
  Namespace: object => phase(object, ['Active'], 'a namespace that goes cannot be used'),
  CustomResourceDefinition: object => condition(object, 'Established', 'look at its conditions'),
  Pod: object => (text(object, 'status', 'phase') === 'Succeeded' ? undefined : condition(object, 'Ready', pods)),
  Job: object => condition(object, 'Complete', pods),
  Deployment: object => rollout(object, 'availableReplicas', number(object, 'spec', 'replicas') ?? 1),
  StatefulSet: object => rollout(object, 'readyReplicas', number(object, 'spec', 'replicas') ?? 1),
  DaemonSet: object => rollout(object, 'numberReady', number(object, 'status', 'desiredNumberScheduled') ?? 1),
}

const pods = 'look at its pods: `k3s kubectl describe pods`, `k3s kubectl logs`'

/** An empty class is asked for by `storageClassName: ""`; without a word the default class is put there, and makes none. */
function claim(object: ClusterObject): Unready | undefined {
  const [name, wanted] = [text(object, 'spec', 'storageClassName'), text(object, 'spec', 'volumeName')]
  const looked = 'look at the events: `k3s kubectl describe pvc`'
  if (name === '') {
    const hint = `its volume ${wanted || ''} must have an empty class too, room enough, its access modes, and be Available: one that is Released keeps the uid of an earlier claim (spec.claimRef.uid)`
    return phase(object, ['Bound'], `${looked}; ${hint}`)
  }
  const hint =
    wanted === ''
      ? `the class ${name} may wait for the first pod that uses it`
      : `it has the class ${name}: where its volume ${wanted} has none, write storageClassName: "" in both; without the word a claim gets the cluster's default class`
  return phase(object, ['Bound'], `${looked}; ${hint}`)
}

function volume(object: ClusterObject): Unready | undefined {
  const hint =
    'its claim is gone and its data are kept: take spec.claimRef.uid away (k3s kubectl patch pv) to let the next claim have it'
  return phase(object, ['Bound', 'Available'], hint)
}

function phase(object: ClusterObject, good: readonly string[], hint: string): Unready | undefined {
  const now = text(object, 'status', 'phase')
  return good.includes(now) ? undefined : { why: now === '' ? 'it has no phase yet' : `it is ${now}`, hint }
}

function condition(object: ClusterObject, type: string, hint: string): Unready | undefined {
  const all = fieldOf(object, 'status', 'conditions')
  const found = (Array.isArray(all) ? all : []).filter(isFields).find(one => one.type === type)
  if (found?.status === 'True') return undefined
  const said = [found?.reason, found?.message].filter(part => typeof part === 'string').join(': ')
  return { why: `it is not ${type}${said === '' ? '' : ` (${said})`}`, hint }
}

/** The status must be about this state of it, not about the one before. */
function rollout(object: ClusterObject, counted: string, wanted: number): Unready | undefined {
  const seen = number(object, 'status', 'observedGeneration') ?? 0
  if (seen < (number(object, 'metadata', 'generation') ?? 0))
    return { why: 'its controller has not seen it yet', hint: pods }
  const [have, new_] = [number(object, 'status', counted) ?? 0, number(object, 'status', 'updatedReplicas')]
  if (have >= wanted && (new_ === undefined || new_ >= wanted)) return undefined
  return { why: `${Math.min(have, new_ ?? have)} of ${wanted} pods are ready`, hint: pods }
}

function text(object: ClusterObject, ...path: readonly string[]): string {
  const found = fieldOf(object, ...path)
  return typeof found === 'string' ? found : ''
}

function number(object: ClusterObject, ...path: readonly string[]): number | undefined {
  const found = fieldOf(object, ...path)
  return typeof found === 'number' ? found : undefined
}
