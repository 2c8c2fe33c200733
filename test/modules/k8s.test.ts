import { describe, expect, it } from 'vitest'
import type { K8sApply } from '../../src/changes/k8s-apply.ts'
import type { ClusterObject } from '../../src/core/cluster-object.ts'
import { Failure } from '../../src/core/diagnostic.ts'
import { reveal, Secret } from '../../src/core/secret.ts'
import { Unknown } from '../../src/core/unknown.ts'
import { k8s } from '../../src/modules/k8s.ts'
import { localFile } from '../../src/questions/local.ts'
import { absent, found, made, onServer, refused } from './k8s/server.ts'
import { type Answers, ctx, lookWith, planWith, says } from './plan-with.ts'

const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'web' }, data: { a: '1' } }
/** As the server keeps it: with what it adds of itself. */
const kept = (data: object, more: object = {}): ClusterObject => ({
  ...settings,
  metadata: { ...settings.metadata, uid: 'u1', resourceVersion: '7', managedFields: [{}], ...more },
  data,
})
const plan = (args: object, answers: Answers, where = ctx) => planWith(k8s, args, answers, where)
const fieldsOf = (change: unknown) => (change as K8sApply).fields

describe('k8s', () => {
  it('makes what is not there, and shows what it was told to make', () => {
    const { changes, later } = plan({ definition: settings }, onServer(settings, absent, made(kept({ a: '1' }))))
    expect(changes).toMatchObject([{ kind: 'k8s.apply', on: 'srv', seen: '', manifest: JSON.stringify(settings) }])
    expect(fieldsOf(changes[0])).toContainEqual({ name: 'data.a', before: '', after: '1' })
    expect(later?.names).toEqual(['result'])
    expect(later?.from([{ object: JSON.stringify(kept({ a: '1' })) }])).toMatchObject({ result: { data: { a: '1' } } })
  })

  it('changes nothing where an apply would change nothing that counts', () => {
    const live = { ...kept({ a: '1' }, { resourceVersion: '6' }), status: { phase: 'old' } }
    const after = { ...kept({ a: '1' }, { generation: 2 }), status: { phase: 'new' } }
    const { changes, result } = plan({ definition: settings }, onServer(settings, found(live), made(after)))
    expect(changes).toEqual([])
    expect(result).toMatchObject({ changed: false, result: { kind: 'ConfigMap' } })
  })

  it('shows each field that the server would change, its own defaults among them', () => {
    const live = found(kept({ a: '0', b: 'x' }, { generation: 4, labels: { 'a.b/c': 'd' } }))
    const { changes } = plan(
      { definition: settings },
      onServer(settings, live, made(kept({ a: '1' }, { generation: 5 }))),
    )
    expect(changes).toMatchObject([{ kind: 'k8s.apply', seen: 'u1/4' }])
    expect(fieldsOf(changes[0])).toEqual([
      { name: 'data.a', before: '0', after: '1' },
      { name: 'data.b', before: 'x', after: '' },
      { name: 'metadata.labels["a.b/c"]', before: 'd', after: '' },
    ])
  })

  it('deletes what is there, and only that', () => {
    const gone = plan({ definition: settings, state: 'absent' }, onServer(settings, found(kept({ a: '1' }))))
    expect(gone.changes).toMatchObject([{ kind: 'k8s.delete', on: 'srv', uid: 'u1' }])
    expect(gone.result).toMatchObject({ changed: true, result: {} })
    expect(plan({ definition: settings, state: 'absent' }, onServer(settings, absent)).changes).toEqual([])
    const unknown = { state: 'no-kind', said: 'error: …' } as const
    expect(plan({ definition: settings, state: 'absent' }, onServer(settings, unknown)).failed).toBeUndefined()
  })

  it.each([
    [
      'The PersistentVolumeClaim "c" is invalid: spec: Forbidden: spec is immutable after creation',
      'refused',
      'state: absent',
    ],
    ['error: no matches for kind "ConfigMap" in version "v1"', 'unsupported', 'CustomResourceDefinition'],
    ['Error from server (NotFound): namespaces "web" not found', 'not-found', 'name: web'],
    ['The ConfigMap "c" is invalid: data[x]: Invalid value', 'refused', 'kubectl explain configmap'],
    [
      'Error from server (BadRequest): admission webhook "x.y" does not support dry run',
      'unsupported',
      'sideEffects: None',
    ],
    [
      'Error from server (InternalError): failed calling webhook "x.y": connection refused',
      'refused',
      'pod of that webhook',
    ],
    ['Error from server (Forbidden): no', 'change-failed', 'systemctl status k3s'],
  ])('says the cause and the cure of: %s', (said, code, hint) => {
    const { failed, changes } = plan({ definition: settings }, onServer(settings, absent, refused(said)))
    expect(failed).toMatchObject({ code, cause: said })
    expect(failed?.hint).toContain(hint)
    expect(changes).toEqual([])
  })

  it('makes nothing of what is about to go', () => {
    const live = found(kept({ a: '1' }, { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['x/y'] }))
    const { failed } = plan({ definition: settings }, onServer(settings, live, made(kept({ a: '1' }))))
    expect(failed?.message).toContain('is being deleted: x/y hold it')
    expect(plan({ definition: settings, state: 'absent' }, onServer(settings, live)).changes).toEqual([])
  })

  it('takes a namespace and what is in it together', () => {
    const web = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web' } }
    const without = refused('Error from server (NotFound): namespaces "web" not found')
    const answers = [...onServer(web, absent, made(web)), ...onServer(settings, absent, without)]
    const { changes } = plan({ definition: [web, settings] }, answers)
    expect(changes.map(change => (change as K8sApply).ref.kind)).toEqual(['Namespace', 'ConfigMap'])
    expect(plan({ definition: [settings, web] }, answers).failed?.code).toBe('not-found')
  })

  it('reads manifests of a file, and deletes by a name', () => {
    const text = `# two\n---\n${JSON.stringify(settings)}\n---\nkind: List\nitems: []\n`
    const src = { path: '/m.yml', type: 'file' as const, mode: '0644', size: 9, bytes: Buffer.from(text) }
    const answers = [says(localFile('/m.yml'), src), ...onServer(settings, absent, made(settings))]
    expect(plan({ src: '/m.yml' }, answers).changes).toHaveLength(1)
    const set = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 's', namespace: 'web' } }
    const named = { kind: 'StatefulSet', name: 's', namespace: 'web', state: 'absent' }
    expect(plan(named, onServer(set, found({ ...set, metadata: { ...set.metadata, uid: 'u' } }))).changes).toHaveLength(
      1,
    )
  })

  it.each([
    [{}, 'one of'],
    [{ definition: settings, kind: 'Pod', name: 'x' }, 'one of'],
    [{ kind: 'Pod' }, '`kind` and `name`'],
    [{ definition: [] }, 'no object'],
    [{ definition: { ...settings, apiVersion: '' } }, 'needs apiVersion'],
  ])('refuses %j', (args, why) => {
    expect(plan(args, []).failed).toMatchObject({ code: 'wrong-value', message: expect.stringContaining(why) })
  })

  it('alters the objects it names, also where their content is not known yet', () => {
    const targets = (args: object) => k8s.targets?.(args as never).map(({ name }) => name)
    const unknown = new Unknown('later')
    expect(targets({ definition: [{ ...settings, data: unknown }] })).toEqual(['k8s:ConfigMap./web/c'])
    expect(targets({ definition: [settings, { ...settings, metadata: { name: unknown } }] })).toEqual([])
    expect(targets({ kind: 'StatefulSet', name: 's' })).toEqual(['k8s:StatefulSet.apps/default/s'])
    expect(targets({ src: 'x.yml' })).toEqual([])
  })

  it('needs a server', () => {
    expect(plan({ definition: settings }, [], { ...ctx, groups: {} }).failed?.code).toBe('k3s-no-server')
  })
})

describe('what is secret', () => {
  const part = 'canary-of-k8s'
  const named = { apiVersion: 'v1', kind: 'Secret', metadata: settings.metadata }
  const definition = { ...named, stringData: { a: new Secret(part) } }
  const sent = { ...named, stringData: { a: part } }
  const encoded = (text: string) => Buffer.from(text).toString('base64')
  const keptSecret = (text: string) => ({ ...kept({ a: encoded(text) }), kind: 'Secret' })

  it('goes to the server, and is shown and registered as one', () => {
    const answers = onServer(definition, found(keptSecret('before')), made(keptSecret(part)), sent)
    const change = plan({ definition }, answers).changes[0] as K8sApply
    expect(change.manifest).toBeInstanceOf(Secret)
    expect(reveal(change.manifest)).toContain(part)
    expect(change.fields).toEqual([{ name: 'data.a', before: '<secret>', after: '<another secret>' }])
    const same = plan({ definition }, onServer(definition, found(keptSecret(part)), made(keptSecret(part)), sent))
    expect(same.changes).toEqual([])
    expect(JSON.stringify(same.result)).not.toContain(encoded(part))
  })

  it('in another kind hides what was in its place before', () => {
    const definition = { ...settings, data: { a: new Secret(part), b: 'x' } }
    const manifest = { ...settings, data: { a: part, b: 'x' } }
    const answers = onServer(
      definition,
      found(kept({ a: 'old-one', b: 'w' })),
      made(kept({ a: part, b: 'x' })),
      manifest,
    )
    const { changes } = plan({ definition }, answers)
    expect(fieldsOf(changes[0])).toEqual([
      { name: 'data.a', before: '<secret>', after: '<another secret>' },
      { name: 'data.b', before: 'w', after: 'x' },
    ])
  })
})

describe('waiting', () => {
  const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'c', namespace: 'web' } }
  const state = (phase: string, spec: object = {}) => found({ ...claim, spec, status: { phase } })
  const waiting = plan({ definition: claim, wait: true }, onServer(claim, state('Bound'), made(claim)))
  const fail = (answer: ReturnType<typeof found>) => {
    try {
      lookWith(waiting, { last: true }, onServer(claim, answer))
    } catch (error) {
      return (error as Failure).diagnostic
    }
    return undefined
  }
  it('ends when the claim is Bound', () => {
    expect(lookWith(waiting, {}, onServer(claim, state('Bound')))).toEqual({ done: true })
    expect(lookWith(waiting, {}, onServer(claim, state('Pending')))).toMatchObject({ waiting: expect.any(String) })
    expect(() => lookWith(waiting, { last: true }, onServer(claim, state('Pending')))).toThrow(Failure)
  })
  it('tells why a claim stays Pending', () => {
    expect(fail(state('Pending', { storageClassName: 'local-path', volumeName: 'v' }))?.hint).toContain(
      'write storageClassName: "" in both',
    )
    expect(fail(state('Pending', { storageClassName: 'local-path' }))?.hint).toContain('first pod')
    expect(fail(state('Pending', { storageClassName: '', volumeName: 'v' }))?.hint).toContain('Released')
    expect(fail(absent as never)?.message).toContain('it is not there')
  })
  it('for what goes ends when it is gone', () => {
    const leaving = plan({ definition: claim, state: 'absent', wait: true }, onServer(claim, state('Bound')))
    expect(lookWith(leaving, {}, onServer(claim, absent))).toEqual({ done: true })
    expect(() => lookWith(leaving, { last: true }, onServer(claim, state('Bound')))).toThrow(/still there/)
  })
})
