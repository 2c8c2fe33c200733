import fc, { type Arbitrary } from 'fast-check'
import type { ClusterObject } from '../../../src/core/cluster-object.ts'
import type { AppliedAnswer } from '../../../src/questions/k8s/applied.ts'
import type { ObjectAnswer } from '../../../src/questions/k8s/object.ts'

type Marks = { readonly deletionTimestamp?: string }

/** One in so many is about to go, which nothing that is made is. */
const leaving: Arbitrary<Marks> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  fc.constant({ deletionTimestamp: '2026-01-01T00:00:00Z' }),
)

const owners = fc.oneof(
  { weight: 3, arbitrary: fc.constant([{ kind: 'x', name: 'y' }]) },
  fc.constant([{ apiVersion: 'monitoring.coreos.com/v1', kind: 'Prometheus', name: 'k8s', controller: true }]),
)

/** A workload as a server may have it, or not: owned or not, about to go or not. */
export const objectAnswer = (ref: { readonly kind: string; readonly apiVersion: string }): Arbitrary<ObjectAnswer> =>
  fc.oneof(
    fc.constant<ObjectAnswer>({ state: 'absent' }),
    fc.constant<ObjectAnswer>({ state: 'no-kind', said: `no matches for kind "${ref.kind}"` }),
    { weight: 6, arbitrary: object(ref, leaving).map((object): ObjectAnswer => ({ state: 'found', object })) },
  )

export const appliedAnswer = (ref: { readonly kind: string; readonly apiVersion: string }): Arbitrary<AppliedAnswer> =>
  fc.oneof(
    fc
      .constantFrom(
        'The Deployment "web" is invalid: spec.selector: Invalid value: {}: field is immutable',
        'Error from server (NotFound): namespaces "media" not found',
      )
      .map((said): AppliedAnswer => ({ state: 'refused', said })),
    { weight: 5, arbitrary: object(ref, fc.constant({})).map((object): AppliedAnswer => ({ state: 'made', object })) },
  )

function object(
  { kind, apiVersion }: { readonly kind: string; readonly apiVersion: string },
  marks: Arbitrary<Marks>,
): Arbitrary<ClusterObject> {
  return fc
    .record(
      {
        marks,
        uid: fc.constantFrom('u1', 'u2'),
        generation: fc.integer({ min: 1, max: 3 }),
        labels: fc.dictionary(fc.constantFrom('app', 'a.b/c'), fc.constantFrom('x', 'y')),
        ownerReferences: owners,
        replicas: fc.integer({ min: 0, max: 2 }),
        image: fc.constantFrom('one', 'two'),
      },
      { requiredKeys: ['uid', 'marks'] },
    )
    .map(({ replicas, image, marks, ...metadata }) => ({
      apiVersion,
      kind,
      metadata: { name: 'web', namespace: 'media', ...metadata, ...marks },
      spec: {
        ...(replicas === undefined ? {} : { replicas }),
        template: { spec: { containers: image === undefined ? [] : [{ name: 'main', image }] } },
      },
    }))
}
