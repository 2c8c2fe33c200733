import { scaleObject } from '../changes/k8s-scale.ts'
import {
  type ClusterObject,
  fieldOf,
  isFields,
  type ObjectRef,
  objectValue,
  shownObject,
} from '../core/cluster-object.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import { changed, defineModule, unchanged } from '../core/module.ts'
import { ask, on } from '../core/question.ts'
import { clusterObject, type ObjectAnswer } from '../questions/k8s/object.ts'
import { serverArg, serverMissing, serverOf } from './k3s/server-of.ts'
import { apiVersionOf, isWorkload } from './k8s/kinds.ts'
import { settleScale } from './k8s/scale-settle.ts'

export const k8sScale = defineModule({
  name: 'k8s_scale',
  summary:
    'Set how many pods a workload has, or the resource of an operator, through the server; wait until they are Ready, or gone. Refused where a controller would set it back: it says what to scale instead.',
  args: {
    type: 'object',
    required: ['kind', 'name', 'replicas'],
    additionalProperties: false,
    properties: {
      api_version: { type: 'string', description: 'Known for the usual kinds, else v1.' },
      kind: {
        type: 'string',
        description: 'Deployment, StatefulSet, ReplicaSet, or what an operator has: Prometheus.',
      },
      name: { type: 'string' },
      namespace: { type: 'string', default: 'default' },
      replicas: { type: 'integer', minimum: 0, description: 'How many pods.' },
      current_replicas: { type: 'integer', minimum: 0, description: 'Only where it is so many now.' },
      wait: { type: 'boolean', default: true, description: 'Wait for the pods, also where nothing is changed.' },
      wait_timeout: { type: 'number', minimum: 1, default: 120, description: 'Seconds until it has failed.' },
      server: serverArg,
    },
  },
  returns: { replicas: 'how many it wants then', before: 'how many it wanted; null where it did not say' },
  targets: ({ api_version, kind, name, namespace }) => [
    { facet: 'value', name: objectValue({ apiVersion: api_version ?? apiVersionOf(kind), kind, name, namespace }) },
  ],
  *plan(args, ctx) {
    const server = serverOf(ctx, args.server)
    if (server === undefined) return { changes: [], result: {}, failed: serverMissing }
    const { kind, name, namespace, replicas } = args
    const ref: ObjectRef = { apiVersion: args.api_version ?? apiVersionOf(kind), kind, name, namespace }
    const live = yield* ask(on(server, clusterObject(ref)))
    const refused = refusal(ref, live)
    if (refused || live.state !== 'found') return { changes: [], result: {}, ...(refused ? { failed: refused } : {}) }
    const before = replicasOf(live.object)
    const result = { replicas, before: before ?? null }
    const settle = args.wait ? { settle: settleScale({ ref, replicas, server, within: args.wait_timeout }) } : {}
    if (before === replicas) return unchanged(result, settle)
    if (args.current_replicas !== undefined && args.current_replicas !== before) {
      return unchanged(
        { replicas: before ?? null, before: before ?? null },
        { message: `it has ${before ?? 'no number'}, not ${args.current_replicas}: it stays so` },
      )
    }
    const becomes = { ...live.object, spec: { ...fields(live.object.spec), replicas } }
    return changed([scaleObject({ on: server, ref, replicas, before, becomes })], result, settle)
  },
})

function refusal(ref: ObjectRef, live: ObjectAnswer): Diagnostic | undefined {
  if (live.state === 'no-kind') {
    const hint = `look for it in \`k3s kubectl api-resources\`; give api_version where another group has it`
    const message = `the cluster has no kind ${ref.kind} in ${ref.apiVersion}`
    return { code: 'unsupported', message, hint, cause: live.said }
  }
  if (live.state === 'absent') {
    const hint = `\`k3s kubectl get ${ref.kind.toLowerCase()} -A\` has all of them`
    return { code: 'not-found', message: `the cluster has no ${shownObject(ref)}`, hint }
  }
  return managed(ref, live.object) ?? uncounted(ref, live.object)
}

/** What its controller wants counts: it would be set back within moments. */
function managed(ref: ObjectRef, object: ClusterObject): Diagnostic | undefined {
  const found = fieldOf(object, 'metadata', 'ownerReferences')
  const owner = (Array.isArray(found) ? found : []).filter(isFields).find(one => one.controller === true)
  if (owner === undefined) return undefined
  const { kind, name, apiVersion } = owner as { readonly [field: string]: unknown }
  const known = apiVersionOf(String(kind)) === apiVersion
  const instead = `kind: ${String(kind)}, ${known ? '' : `api_version: ${String(apiVersion)}, `}name: ${String(name)}`
  return {
    code: 'refused',
    message: `${shownObject(ref)} is managed by ${String(kind)} ${String(name)}, which would set it back`,
    hint: `scale that instead: k8s_scale with { ${instead}, namespace: ${ref.namespace ?? 'default'} }`,
  }
}

/** Of the cluster's own kinds those that have no number get none; an operator may take one that is not there yet. */
function uncounted(ref: ObjectRef, object: ClusterObject): Diagnostic | undefined {
  const builtIn = !ref.apiVersion.includes('.') || ref.apiVersion.includes('.k8s.io/')
  if (!builtIn || isWorkload(ref.kind) || replicasOf(object) !== undefined) return undefined
  const message = `${shownObject(ref)} has no number of pods`
  const hint = 'a Deployment, StatefulSet or ReplicaSet has one; a DaemonSet has one pod on each node it fits'
  return { code: 'refused', message, hint }
}

function replicasOf(object: ClusterObject): number | undefined {
  const found = fieldOf(object, 'spec', 'replicas')
  return typeof found === 'number' ? found : undefined
}

function fields(value: unknown): ClusterObject {
  return isFields(value) ? value : {}
}
