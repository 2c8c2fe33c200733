import { describe, expect, it } from 'vitest'
import { k8sScale } from '../../src/modules/k8s_scale.ts'
import { type FamilyMember, familyOf } from '../../src/questions/k8s/family.ts'
import { clusterObject, type ObjectAnswer } from '../../src/questions/k8s/object.ts'
import { absent, found } from './k8s/server.ts'
import { type Answers, ctx, lookWith, planWith, saysOn } from './plan-with.ts'

const set = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', namespace: 'web' }
const prometheus = { apiVersion: 'monitoring.coreos.com/v1', kind: 'Prometheus', name: 'k8s', namespace: 'web' }
const has = (ref: typeof set, replicas?: number, metadata: object = {}): ObjectAnswer =>
  found({
    apiVersion: ref.apiVersion,
    kind: ref.kind,
    metadata: { name: ref.name, namespace: ref.namespace, uid: 'u', ...metadata },
    spec: replicas === undefined ? {} : { replicas },
  })
const answers = (ref: typeof set, object: ObjectAnswer, family: readonly FamilyMember[] = []): Answers => [
  saysOn('srv', clusterObject(ref), object),
  saysOn('srv', familyOf('web'), family),
]
const plan = ({ apiVersion: _, ...named }: typeof set, object: ObjectAnswer, more: object = {}) =>
  planWith(k8sScale, { ...named, replicas: 0, ...more }, answers({ apiVersion: _, ...named }, object))

const workload = (more: Partial<FamilyMember> = {}): FamilyMember => ({
  ...{ kind: 'StatefulSet', name: 's', uid: 's', controller: 'u', replicas: 1, ready: false, finished: false },
  ...more,
})
const pod = (more: Partial<FamilyMember> = {}) => workload({ kind: 'Pod', uid: 'p', replicas: 0, ready: true, ...more })

describe('k8s_scale', () => {
  it('changes nothing where it is so', () => {
    expect(plan(set, has(set, 0))).toMatchObject({ changes: [], result: { changed: false, replicas: 0, before: 0 } })
  })
  it('sets it through the server, with what the plan saw', () => {
    const { changes, result, settle } = plan(set, has(set, 2))
    expect(changes).toMatchObject([{ kind: 'k8s.scale', on: 'srv', ref: set, replicas: 0, before: 2 }])
    expect(result).toMatchObject({ changed: true, replicas: 0, before: 2 })
    expect(settle).toBeDefined()
    expect(plan(set, has(set, 2), { wait: false }).settle).toBeUndefined()
  })
  it('refuses what a controller would set back, and says what to write instead', () => {
    const owner = { apiVersion: prometheus.apiVersion, kind: 'Prometheus', name: 'k8s', controller: true }
    const { failed, changes } = plan(set, has(set, 1, { ownerReferences: [owner] }))
    expect(failed).toMatchObject({ code: 'refused', message: expect.stringContaining('managed by Prometheus k8s') })
    expect(failed?.hint).toContain('{ kind: Prometheus, name: k8s, namespace: web }')
    expect(changes).toEqual([])
    const unknown = plan(set, has(set, 1, { ownerReferences: [{ ...owner, apiVersion: 'x.y/v2', kind: 'Db' }] }))
    expect(unknown.failed?.hint).toContain('api_version: x.y/v2')
    expect(plan(set, has(set, 1, { ownerReferences: [{ ...owner, controller: false }] })).failed).toBeUndefined()
  })
  it('sets it in the resource of an operator, also where that does not say it yet', () => {
    expect(plan(prometheus, has(prometheus)).changes).toMatchObject([{ ref: prometheus, before: undefined }])
  })
  it.each([
    [set, absent, 'not-found'],
    [prometheus, { state: 'no-kind', said: 'error' } as const, 'unsupported'],
    [{ ...set, kind: 'DaemonSet' }, has({ ...set, kind: 'DaemonSet' }), 'refused'],
  ])('fails for %j', (ref, object, code) => expect(plan(ref, object).failed?.code).toBe(code))
  it('leaves it where it has another number than said', () => {
    expect(plan(set, has(set, 3), { current_replicas: 2 }).changes).toEqual([])
    expect(plan(set, has(set, 2), { current_replicas: 2 }).changes).toHaveLength(1)
  })
  it('needs a server', () => {
    const args = { kind: 'StatefulSet', name: 'x', replicas: 1 }
    expect(planWith(k8sScale, args, [], { ...ctx, groups: {} }).failed?.code).toBe('k3s-no-server')
  })
})

describe('its wait', () => {
  const none = plan(set, has(set, 1))
  const two = planWith(
    k8sScale,
    { kind: 'StatefulSet', name: 'db', namespace: 'web', replicas: 2 },
    answers(set, has(set, 1)),
  )
  const own = plan(prometheus, has(prometheus, 1))
  it('lasts until the last pod is gone, also one that is not Ready', () => {
    const look = (...family: FamilyMember[]) => lookWith(none, {}, answers(set, has(set, 0), family))
    expect(look(pod({ controller: 'u', ready: false }))).toMatchObject({ waiting: expect.stringContaining('1 pods') })
    expect(look(pod({ controller: 'u', finished: true }), pod({ controller: 'other' }))).toMatchObject({ done: true })
  })
  it('lasts until all are Ready', () => {
    const look = (...family: FamilyMember[]) => lookWith(two, {}, answers(set, has(set, 2), family))
    expect(look(pod({ controller: 'u' }))).toHaveProperty('waiting')
    expect(look(pod({ controller: 'u' }), pod({ controller: 'u', ready: false }))).toHaveProperty('waiting')
    expect(look(pod({ controller: 'u' }), pod({ controller: 'u' }))).toMatchObject({ done: true })
  })
  it('for an operator lasts until it has told its workloads', () => {
    const look = (...family: FamilyMember[]) => lookWith(own, {}, answers(prometheus, has(prometheus, 0), family))
    const left = pod({ controller: 's' })
    expect(look(workload(), left)).toMatchObject({ waiting: expect.stringContaining('no workload') })
    expect(look(workload({ replicas: 0 }), left)).toHaveProperty('waiting')
    expect(look(workload({ replicas: 0 }))).toMatchObject({ done: true })
  })
  it('ends at once where something sets it back, or it is gone', () => {
    expect(() => lookWith(none, {}, answers(set, has(set, 1)))).toThrow(/something else decides it/)
    expect(() => lookWith(none, {}, answers(set, absent))).toThrow(/not there any more/)
  })
  it('tells what is missing at its end', () => {
    const look = () => lookWith(two, { last: true }, answers(set, has(set, 2), [pod({ controller: 'u' })]))
    expect(look).toThrow(/1 pods of StatefulSet web\/db are there, 1 Ready, 2 wanted/)
  })
})
