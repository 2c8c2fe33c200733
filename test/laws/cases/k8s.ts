import fc from 'fast-check'
import { Secret } from '../../../src/core/secret.ts'
import { groups } from '../gen/answers.ts'
import { appliedAnswer, objectAnswer } from '../gen/objects.ts'
import type { Cases } from './cases.ts'

const deployment = { apiVersion: 'apps/v1', kind: 'Deployment' }
const text = fc.constantFrom<string | Secret>('plain', new Secret('canary-of-the-manifest'))

export const k8s: Cases = {
  module: 'k8s',
  answers: fc
    .record({
      state: fc.constantFrom('present', 'present', 'absent'),
      image: text,
      wait: fc.boolean(),
      'k8s.object': objectAnswer(deployment),
      'k8s.applied': appliedAnswer(deployment),
    })
    .map(({ state, image, wait, ...answers }) => ({
      args: {
        state,
        wait,
        definition: {
          ...deployment,
          metadata: { name: 'web', namespace: 'media' },
          spec: { template: { spec: { containers: [{ name: 'main', image: image as string }] } } },
        },
      },
      answers,
      groups,
    })),
}

export const k8sScale: Cases = {
  module: 'k8s_scale',
  answers: fc
    .constantFrom(
      deployment,
      deployment,
      { apiVersion: 'monitoring.coreos.com/v1', kind: 'Prometheus' },
      { apiVersion: 'v1', kind: 'Service' },
    )
    .chain(({ apiVersion, kind }) =>
      fc
        .record({
          more: fc.constantFrom<{ readonly [name: string]: number | boolean }>(
            {},
            {},
            { wait: false },
            { current_replicas: 1 },
          ),
          replicas: fc.integer({ min: 0, max: 4 }),
          'k8s.object': objectAnswer({ apiVersion, kind }),
        })
        .map(({ more, replicas, ...answers }) => ({
          args: { api_version: apiVersion, kind, name: 'web', namespace: 'media', replicas, ...more },
          answers,
          groups,
        })),
    ),
}
