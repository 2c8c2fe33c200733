import { fieldOf, isFields } from '../../core/cluster-object.ts'
import type { Question } from '../../core/question.ts'
import { quote } from '../../core/sh.ts'
import { badAnswer } from '../bad-answer.ts'
import type { QuestionKind } from '../kind.ts'
import { calls, noAnswer, readCalls } from './kubectl.ts'

/** A workload or pod of a namespace, and whose it is. */
export interface FamilyMember {
  readonly kind: string
  readonly name: string
  readonly uid: string
  /** The uid of what controls it; empty: nothing does. */
  readonly controller: string
  /** Of workloads: how many pods are wanted. */
  readonly replicas: number
  /** Of pods: it is Ready and not about to go. */
  readonly ready: boolean
  /** Of pods: it ran to its end. */
  readonly finished: boolean
}

const kind = 'k8s.family'

/** What a namespace has of workloads and pods; to be asked on the server. */
export function familyOf(namespace: string): Question<readonly FamilyMember[]> {
  return { kind, key: namespace, arg: namespace }
}

export const familyKind: QuestionKind<string, readonly FamilyMember[]> = {
  kind,
  open: true,
  sh: namespaces =>
    calls(
      namespaces.map(
        name =>
          `k3s kubectl get statefulsets,deployments,replicasets,pods --namespace=${quote(name)} -o json --request-timeout=15s`,
      ),
    ),
  parse: (section, namespaces) =>
    readCalls(section, namespaces.length, `the workloads of ${namespaces.join(', ')}`).map((said, i) => {
      if (said.code !== 0) throw noAnswer(section, said)
      const members = readFamily(said.printed)
      if (members === undefined) throw badAnswer(`the workloads of ${namespaces[i]}`, section)
      return members
    }),
  limit: namespaces => namespaces.length * 16 * 1024 * 1024,
}

function readFamily(json: string): readonly FamilyMember[] | undefined {
  try {
    const items = fieldOf(JSON.parse(json), 'items')
    return Array.isArray(items) ? items.map(member) : undefined
  } catch {
    return undefined
  }
}

function member(item: unknown): FamilyMember {
  const phase = text(item, 'status', 'phase')
  const replicas = fieldOf(item, 'spec', 'replicas')
  const leaves = fieldOf(item, 'metadata', 'deletionTimestamp') !== undefined
  const ready = list(item, 'status', 'conditions').some(one => one.type === 'Ready' && one.status === 'True')
  const controller = list(item, 'metadata', 'ownerReferences').find(one => one.controller === true)
  return {
    kind: text(item, 'kind'),
    name: text(item, 'metadata', 'name'),
    uid: text(item, 'metadata', 'uid'),
    controller: text(controller, 'uid'),
    replicas: typeof replicas === 'number' ? replicas : 0,
    ready: ready && !leaves,
    finished: phase === 'Succeeded' || phase === 'Failed',
  }
}

function list(item: unknown, ...path: readonly string[]): readonly { readonly [field: string]: unknown }[] {
  const found = fieldOf(item, ...path)
  return Array.isArray(found) ? found.filter(isFields) : []
}

function text(item: unknown, ...path: readonly string[]): string {
  const found = fieldOf(item, ...path)
  return typeof found === 'string' ? found : ''
}
