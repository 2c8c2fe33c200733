import { chmodSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { applyObject, k8sApplyKind } from '../../../src/changes/k8s-apply.ts'
import { deleteObject, k8sDeleteKind } from '../../../src/changes/k8s-delete.ts'
import { k8sScaleKind, scaleObject } from '../../../src/changes/k8s-scale.ts'
import type { ClusterObject, ObjectRef } from '../../../src/core/cluster-object.ts'
import { Shadow } from '../../../src/core/shadow.ts'
import { Unknown } from '../../../src/core/unknown.ts'
import { appliedObjectKind, type ManifestArg } from '../../../src/questions/k8s/applied.ts'
import { familyKind } from '../../../src/questions/k8s/family.ts'
import { clusterObjectKind } from '../../../src/questions/k8s/object.ts'
import { inFolder } from '../../changes/law.ts'
import { section } from '../section.ts'
import { runScript, shells } from '../shells.ts'

const ref: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'media' }
const object: ClusterObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } }
const json = JSON.stringify(object)
const manifest = (text: string, at = ref): ManifestArg => ({
  ref: at,
  definition: object,
  manifest: text,
  digest: text,
})
const one = (printed: string, code = 0, said = '') => section(`${printed}\0${code}\0${said}\0`)

/** With a k3s that is this script; what it prints, and how it ends. */
function withK3s(shell: readonly string[], k3s: string, script: string) {
  return inFolder(folder => {
    writeFileSync(`${folder}/k3s`, `#!/bin/sh\n${k3s}\n`)
    chmodSync(`${folder}/k3s`, 0o755)
    return runScript(shell, script, { env: { PATH: `${folder}:${process.env.PATH}` } })
  })
}

describe.each(shells.map(shell => [shell.join(' '), shell] as const))('in %s', (_, shell) => {
  const other = { ...ref, name: "it's" }
  it('several objects are asked for, each with its own answer', () => {
    const k3s = `case $4 in web) echo '${json}'; echo Warning: old >&2 ;; *) echo 'error: the server doesn'"'"'t have a resource type "x"' >&2; exit 1 ;; esac`
    const said = withK3s(shell, k3s, clusterObjectKind.sh([ref, other]))
    expect(clusterObjectKind.parse(said, [ref, other])).toEqual([
      { state: 'found', object },
      { state: 'no-kind', said: expect.stringContaining('resource type') },
    ])
  })
  it('a manifest is tried by its own bytes, and what the server says is kept', () => {
    const text = `{"it's": "100% \\\\ $HOME"}`
    const k3s = `case "$*" in *--dry-run=server*) ;; *) exit 9 ;; esac; read -r m; [ "$m" = '${text.replaceAll("'", `'"'"'`)}' ] && echo '${json}' || { echo "is invalid: $m" >&2; exit 1; }`
    const asked = [manifest(text), manifest('{}')]
    const said = withK3s(shell, k3s, appliedObjectKind.sh(asked))
    expect(appliedObjectKind.parse(said, asked)).toEqual([
      { state: 'made', object },
      { state: 'refused', said: 'is invalid: {}' },
    ])
  })
  it('a host without k3s is no server', () => {
    const said = runScript(shell, clusterObjectKind.sh([ref]), { env: { PATH: '/usr/bin:/bin' } })
    expect(() => clusterObjectKind.parse(said, [ref])).toThrow(/k3s is not installed/)
  })
})

describe('an object', () => {
  const parse = (said: ReturnType<typeof section>) => clusterObjectKind.parse(said, [ref])[0]
  it('that is not there is absent', () => expect(parse(one(''))).toEqual({ state: 'absent' }))
  it('is asked for by kind, version and group, in its namespace', () => {
    expect(clusterObjectKind.sh([ref])).toContain('get Deployment.v1.apps web --namespace=media -o json')
    expect(clusterObjectKind.sh([{ apiVersion: 'v1', kind: 'PersistentVolume', name: 'x' }])).toContain(
      'get PersistentVolume x -o json',
    )
  })
  it.each(['', `${json}\0`, `${json}\0x\0\0`, `${json}\x000\0\0more`, 'welcome\x000\0\0', '[]\x000\0\0'])(
    'is not read from %j',
    text => expect(() => parse(section(text))).toThrow(/cannot be read/),
  )
  it.each([
    'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?',
    'Unable to connect to the server: net/http: TLS handshake timeout',
    'Error from server (ServiceUnavailable): the server is currently unable to handle the request',
  ])('is not asked of a server that does not answer: %s', said => {
    expect(() => parse(one('', 1, said))).toThrow(/does not answer/)
    expect(() => appliedObjectKind.parse(one('', 1, said), [manifest('{}')])).toThrow(/does not answer/)
    expect(() => familyKind.parse(one('', 1, said), ['web'])).toThrow(/does not answer/)
  })
})

describe('a trial', () => {
  it('that a webhook refuses says so, also where it is the webhook that does not answer', () => {
    const said = 'Error from server (InternalError): failed calling webhook "x.y": dial tcp: connection refused'
    expect(appliedObjectKind.parse(one('', 1, said), [manifest('{}')])).toEqual([{ state: 'refused', said }])
  })
})

describe('a family', () => {
  const owner = (uid: string) => [
    { uid: 'x', controller: false },
    { uid, controller: true },
  ]
  const ready = { conditions: [{ type: 'Ready', status: 'True' }], phase: 'Running' }
  const items = [
    { kind: 'StatefulSet', metadata: { name: 's', uid: 's', ownerReferences: owner('p') }, spec: { replicas: 2 } },
    { kind: 'Pod', metadata: { name: 's-0', uid: 'a', ownerReferences: owner('s') }, status: ready },
    { kind: 'Pod', metadata: { name: 's-1', uid: 'b', deletionTimestamp: 'now' }, status: ready },
    { kind: 'Pod', metadata: { name: 'j', uid: 'c' }, status: { phase: 'Succeeded' } },
  ]
  it('is what owns what, and how it is', () => {
    const [family] = familyKind.parse(one(JSON.stringify({ items })), ['web'])
    expect(
      family?.map(({ name, controller, replicas, ready, finished }) => [name, controller, replicas, ready, finished]),
    ).toEqual([
      ['s', 'p', 2, false, false],
      ['s-0', 's', 0, true, false],
      ['s-1', '', 0, false, false],
      ['j', '', 0, false, true],
    ])
  })
  it.each(['', '{}', '{"items":7}'])('is not read from %j', text =>
    expect(() => familyKind.parse(one(text), ['web'])).toThrow(/cannot be read/),
  )
})

describe('under the shadow', () => {
  const apply = (shadow: Shadow, at: ObjectRef, becomes: ClusterObject, seen = '') =>
    k8sApplyKind.fold(shadow, applyObject({ ref: at, manifest: '{}', digest: '{}', seen, becomes, fields: [] }))
  const home = { apiVersion: 'v1', kind: 'Namespace', name: 'media' }

  it('a planned object is there, and the same manifest would change nothing more', () => {
    const shadow = new Shadow()
    apply(shadow, ref, object)
    expect(clusterObjectKind.predict?.(shadow, ref, undefined)).toEqual({ state: 'found', object })
    expect(appliedObjectKind.predict?.(shadow, manifest('{}'), undefined)).toEqual({ state: 'made', object })
    expect(appliedObjectKind.predict?.(shadow, manifest('{"other":1}'), undefined)).toBeInstanceOf(Unknown)
  })
  it('one that is deleted is gone, and made anew as its manifest has it', () => {
    const shadow = new Shadow()
    k8sDeleteKind.fold(shadow, deleteObject({ ref, uid: 'u', fields: [] }))
    expect(clusterObjectKind.predict?.(shadow, ref, undefined)).toEqual({ state: 'absent' })
    expect(appliedObjectKind.predict?.(shadow, manifest('{}'), undefined)).toEqual({ state: 'made', object })
  })
  it('one that is scaled has its number; what an apply makes of that only the server knows', () => {
    const shadow = new Shadow()
    k8sScaleKind.fold(
      shadow,
      scaleObject({ ref, replicas: 0, before: 1, becomes: { ...object, spec: { replicas: 0 } } }),
    )
    expect(clusterObjectKind.predict?.(shadow, ref, undefined)).toMatchObject({ object: { spec: { replicas: 0 } } })
    expect(appliedObjectKind.predict?.(shadow, manifest('{}'), undefined)).toBeInstanceOf(Unknown)
  })
  it('in a namespace that is only planned there is nothing yet; in one that is changed there may be', () => {
    const [fresh, known] = [new Shadow(), new Shadow()]
    apply(fresh, home, {})
    apply(known, home, {}, 'u/')
    expect(clusterObjectKind.predict?.(fresh, ref, undefined)).toEqual({ state: 'absent' })
    expect(appliedObjectKind.predict?.(fresh, manifest('{}'), undefined)).toEqual({ state: 'made', object })
    expect(clusterObjectKind.predict?.(known, ref, undefined)).toBeUndefined()
    k8sDeleteKind.fold(known, deleteObject({ ref: home, uid: 'u', fields: [] }))
    expect(clusterObjectKind.predict?.(known, ref, undefined)).toEqual({ state: 'absent' })
  })
  it('of a kind that is only planned there is none yet', () => {
    const shadow = new Shadow()
    const crd = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: 'dbs.x.y' }
    apply(shadow, crd, { spec: { group: 'x.y', names: { kind: 'Db' } } })
    const db = { apiVersion: 'x.y/v1', kind: 'Db', name: 'one' }
    expect(clusterObjectKind.predict?.(shadow, db, undefined)).toEqual({ state: 'absent' })
    expect(clusterObjectKind.predict?.(shadow, { ...db, apiVersion: 'z/v1' }, undefined)).toBeUndefined()
  })
})
