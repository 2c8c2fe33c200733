import { expect, it } from 'vitest'
import { unready } from '../../../src/modules/k8s/ready.ts'

const conditions = (type: string, status: string, message = '') => ({ conditions: [{ type, status, message }] })
const rolled = { observedGeneration: 2, availableReplicas: 2, readyReplicas: 2, updatedReplicas: 2 }
const of = (kind: string, status: object, spec: object = {}) => ({ kind, metadata: { generation: 2 }, spec, status })

it.each([
  of('ConfigMap', {}),
  of('PersistentVolume', { phase: 'Available' }),
  of('PersistentVolume', { phase: 'Bound' }),
  of('Namespace', { phase: 'Active' }),
  of('CustomResourceDefinition', conditions('Established', 'True')),
  of('Pod', { phase: 'Succeeded' }),
  of('Pod', conditions('Ready', 'True')),
  of('Deployment', rolled, { replicas: 2 }),
  of('Deployment', { observedGeneration: 2 }, { replicas: 0 }),
  of('StatefulSet', rolled, { replicas: 2 }),
  of('DaemonSet', { observedGeneration: 2, desiredNumberScheduled: 3, numberReady: 3 }),
])('is ready: %j', object => expect(unready(object)).toBeUndefined())

it.each([
  [of('PersistentVolume', { phase: 'Released' }), 'it is Released'],
  [of('PersistentVolumeClaim', {}), 'it has no phase yet'],
  [of('Pod', conditions('Ready', 'False', 'no image')), 'it is not Ready (no image)'],
  [of('Job', {}), 'it is not Complete'],
  [of('Deployment', { ...rolled, observedGeneration: 1 }, { replicas: 2 }), 'has not seen it'],
  [of('Deployment', { ...rolled, updatedReplicas: 1 }, { replicas: 2 }), '1 of 2 pods are ready'],
  [of('StatefulSet', { ...rolled, readyReplicas: 1 }, { replicas: 2 }), '1 of 2'],
  [of('DaemonSet', { observedGeneration: 2, desiredNumberScheduled: 3, numberReady: 1 }), '1 of 3'],
])('is not ready: %j', (object, why) => expect(unready(object)?.why).toContain(why))
