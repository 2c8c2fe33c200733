import type { Outcome } from '../core/change.ts'
import { type ClusterObject, isFields, objectValue } from '../core/cluster-object.ts'
import { changed, defineModule, unchanged } from '../core/module.ts'
import { type Asking, askAll, on } from '../core/question.ts'
import type { From } from '../core/schema.ts'
import type { Value } from '../core/value.ts'
import { type AppliedAnswer, appliedObject, type ManifestArg } from '../questions/k8s/applied.ts'
import { clusterObject, type ObjectAnswer } from '../questions/k8s/object.ts'
import { serverArg, serverMissing, serverOf } from './k3s/server-of.ts'
import { type Decided, decideAbsent, decidePresent } from './k8s/decide.ts'
import { settleAbsent, settlePresent } from './k8s/settle.ts'
import { told } from './k8s/told.ts'
import { namedObjects, wishedObjects } from './k8s/wished-objects.ts'

const text = (description: string) => ({ type: 'string', description }) as const
const anObject = {
  type: 'object',
  required: ['apiVersion', 'kind', 'metadata'],
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
  },
} as const

const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    state: {
      enum: ['present', 'absent'],
      default: 'present',
      description: 'present: as it is described. absent: deleted, and what it owns with it.',
    },
    definition: {
      anyOf: [anObject, { type: 'array', items: anObject }],
      description:
        'The object, or a list of them, as a manifest has it. Values may be secrets. One object is described in one place: what an earlier description had and this one no longer has is taken away.',
    },
    src: { type: 'string', lookup: 'files', description: 'A file of manifests on the control side, YAML or JSON.' },
    api_version: text('With kind and name; known for the usual kinds.'),
    kind: text('What to delete, with name, where no definition is at hand.'),
    name: text('Its name.'),
    namespace: text('For what names no namespace of its own; else `default`.'),
    wait: {
      type: 'boolean',
      default: false,
      description:
        'Wait until claims are Bound, workloads rolled out, pods Ready; with absent: until it is gone. Also where nothing is changed.',
    },
    wait_timeout: { type: 'number', minimum: 1, default: 120, description: 'Seconds until it has failed.' },
    server: serverArg,
  },
} as const

export const k8s = defineModule({
  name: 'k8s',
  summary:
    'Keep objects of a cluster as manifests describe them, through the server, which says beforehand what an apply would make of them (server-side apply, tried as a dry run): defaults are left alone, immutable fields are told before anything is changed.',
  args,
  returns: {
    result: 'the object as it is then; with several: `results`, a list of them. What a Secret holds is a secret there.',
  },
  targets: args => namedObjects(args).map(ref => ({ facet: 'value', name: objectValue(ref) })),
  *plan(args, ctx) {
    const server = serverOf(ctx, args.server)
    if (server === undefined) return { changes: [], result: {}, failed: serverMissing }
    const wished = yield* wishedObjects(args)
    if ('code' in wished) return { changes: [], result: {}, failed: wished }
    const decided = yield* decide(args, wished, server)
    const failed = decided.find(one => one.failed)?.failed
    if (failed) return { changes: [], result: {}, failed }
    const changes = decided.flatMap(({ change }) => change ?? [])
    const waited = { refs: wished.map(({ ref }) => ref), server, within: args.wait_timeout }
    const settle = args.wait ? { settle: (args.state === 'absent' ? settleAbsent : settlePresent)(waited) } : {}
    if (decided.every(({ object }) => object !== undefined)) {
      const result = { result: resultOf(decided.map(({ object }) => object ?? null)) }
      return changes.length === 0 ? unchanged(result, settle) : changed(changes, result, settle)
    }
    const later = { names: ['result'], from: (outcomes: readonly Outcome[]) => ({ result: after(decided, outcomes) }) }
    return changed(changes, {}, { ...settle, later })
  },
})

function* decide(
  { state }: Pick<From<typeof args>, 'state'>,
  wished: readonly ManifestArg[],
  server: string,
): Asking<readonly Decided[]> {
  const objects = wished.map(({ ref }) => on(server, clusterObject(ref)))
  if (state === 'absent') {
    const live = yield* askAll(...objects)
    return wished.map((one, i) => decideAbsent({ wished: one, live: live[i]!, server }))
  }
  const trials = wished.map(one => on(server, appliedObject(one)))
  // One round trip for both.
  const answers = yield* askAll(...[...objects, ...trials])
  const live = answers.filter(isLive)
  const applied = answers.filter(isTrial)
  return wished.map((one, i) => decidePresent({ wished: one, live: live[i]!, server }, applied[i]!, wished.slice(0, i)))
}

function isTrial(answer: ObjectAnswer | AppliedAnswer): answer is AppliedAnswer {
  return answer.state === 'made' || answer.state === 'refused'
}

function isLive(answer: ObjectAnswer | AppliedAnswer): answer is ObjectAnswer {
  return !isTrial(answer)
}

function resultOf(objects: readonly (ClusterObject | null)[]): Value {
  const shown = objects.map(object => (object === null ? {} : told(object)))
  return shown.length === 1 ? shown[0]! : { results: shown }
}

function after(decided: readonly Decided[], outcomes: readonly Outcome[]): Value {
  let next = 0
  const objects = decided.map(({ change, object }) => {
    const outcome = change === undefined ? undefined : outcomes[next++]
    return object !== undefined ? object : parsed(outcome?.object)
  })
  return resultOf(objects)
}

function parsed(json: Value | undefined): ClusterObject | null {
  try {
    const found: unknown = JSON.parse(String(json))
    return isFields(found) ? found : null
  } catch {
    return null
  }
}
