import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lab } from '../lab/lab.ts'
import { freshHosts, kubectl, onHost, serverUp, until } from './stage/cluster.ts'
import { contradictions, pending } from './stage/compare.ts'
import { bundled, countsOf, failureOf, type Played, play, story, unbundle } from './stage/pitool.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'

const server = 'k3s1'
const playbook = 'playbooks/nfs.yml'
const crd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'prometheuses.monitoring.coreos.com' },
  spec: {
    group: 'monitoring.coreos.com',
    scope: 'Namespaced',
    names: { plural: 'prometheuses', singular: 'prometheus', kind: 'Prometheus' },
    versions: [{ name: 'v1', served: true, storage: true }],
  },
}
const prometheus = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'Prometheus',
  metadata: { name: 'k8s', namespace: 'monitoring' },
  spec: { replicas: 1 },
}
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'monitoring' } }

let site: Site

const plays = (...tasks: readonly object[]) => [{ hosts: server, become: true, tasks }]

beforeAll(async () => {
  await bundled()
  const hosts = await freshHosts([server])
  serverUp(server)
  site = makeSite({
    'inventory/hosts.yml': inventoryOf(hosts, {
      vars: { nfs_server: '198.18.0.9', nfs_export: '/srv/nfs', nfs_name: 'media', nfs_namespace: 'films' },
      groups: { server: [server], workers: [] },
    }),
    'prometheus.yml': plays({ name: 'Operator', k8s: { definition: [namespace, crd, prometheus] } }),
    'set.yml': plays({
      k8s_scale: { kind: 'StatefulSet', name: 'prometheus-k8s', namespace: 'monitoring', replicas: 0 },
    }),
    'own.yml': plays({ k8s_scale: { kind: 'Prometheus', name: 'k8s', namespace: 'monitoring', replicas: 0 } }),
    'moved.yml': plays({ k8s: { definition: claimOf({ storage: '5Gi', volumeName: 'other' }) } }),
    'classless.yml': plays({
      k8s: { definition: claimOf({ name: 'wordless' }), wait: true, wait_timeout: 3 },
    }),
  })
  site.write(playbook, readFileSync(resolve(import.meta.dirname, '../..', playbook), 'utf8'))
})
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down([server])
})

function claimOf({ name = 'media', volumeName = 'media', storage = '10Gi' }): object {
  const spec = { accessModes: ['ReadWriteMany'], volumeName, resources: { requests: { storage } } }
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace: 'films' }, spec }
}

/** A stand-in of mount.nfs, since this kernel has no NFS: what the server exports is a folder of the host itself. */
const mountStandIn = `#!/bin/sh
# A STAND-IN of mount.nfs, for tests only.
[ "$1" = 198.18.0.9:/srv/nfs ] || { echo "mount.nfs: access denied by server while mounting $1" >&2; exit 32; }
exec mount --bind /srv/lab-nfs "$2"
`
const told = ({ stdout }: Played) => stdout

describe('a volume on NFS', () => {
  test('is refused for Prometheus before anything is done', async () => {
    const refused = await play(site.path, playbook, '-e', 'nfs_for=prometheus')
    expect(failureOf(refused, server), story(refused)).toMatchObject({ code: 'assertion-failed' })
    expect(failureOf(refused, server)?.message).toContain('nfs_accept_unsupported: true')
    expect(countsOf(refused, server)).toMatchObject({ changed: 0 })
  })

  test('is not made where the export cannot be mounted: the kernel has no NFS', async () => {
    const check = await play(site.path, playbook, '--check')
    expect(check.code, story(check)).toBe(0)
    expect(pending(check, server)).toContain('What mounts NFS')
    const failed = await play(site.path, playbook)
    expect(failureOf(failed, server)?.message, story(failed)).toContain('Its kernel has no NFS')
    expect(await kubectl(server, 'get pv -o name')).toBe('')
    expect(await onHost(server, 'ls /mnt; findmnt -n -t nfs,nfs4 || :')).toBe('')
  })

  test('is Bound after a run that does what its check said; a second one changes nothing', async () => {
    await onHost(server, 'cat > /sbin/mount.nfs; mkdir /srv/lab-nfs', mountStandIn)
    const check = await play(site.path, playbook, '--check', '--diff')
    expect(check.code, story(check)).toBe(0)
    expect(await onHost(server, 'ls /srv/lab-nfs')).toBe('')
    expect(await kubectl(server, 'get pv -o name')).toBe('')
    const run = await play(site.path, playbook, '--diff')
    expect(run.code, story(run)).toBe(0)
    expect(contradictions(check, run)).toEqual([])
    expect(await onHost(server, 'ls /srv/lab-nfs; ls /mnt')).toBe('media\n')
    const phases = "-o 'jsonpath={.status.phase} {.spec.storageClassName}'"
    expect(await kubectl(server, `get pvc media -n films ${phases}`)).toBe('Bound ')
    expect(await kubectl(server, `get pv media ${phases}`)).toBe('Bound ')
    const again = await play(site.path, playbook, '-e', 'nfs_for=grafana', '-e', '{"nfs_accept_unsupported": true}')
    expect(countsOf(again, server), story(again)).toMatchObject({ changed: 0, failed: 0 })
    expect(told(again)).toContain('WARNING: grafana is kept on NFS')
  })

  test('cannot be had by a claim that says nothing of its class, nor be put under another claim', async () => {
    const pending = await play(site.path, 'classless.yml')
    expect(failureOf(pending, server), story(pending)).toMatchObject({ code: 'wait-timeout' })
    expect(failureOf(pending, server)?.hint).toContain('write storageClassName: "" in both')
    const moved = await play(site.path, 'moved.yml')
    expect(failureOf(moved, server), story(moved)).toMatchObject({ code: 'refused' })
    expect(failureOf(moved, server)?.cause).toContain('spec is immutable after creation')
  })
})

describe('Prometheus', () => {
  test('comes with its namespace and the definition of its kind in one task, as its check said', async () => {
    const check = await play(site.path, 'prometheus.yml', '--check')
    const run = await play(site.path, 'prometheus.yml')
    expect(run.code, story(run)).toBe(0)
    expect(contradictions(check, run)).toEqual([])
    await until('its operator has made the set', 20, async () =>
      (await kubectl(server, 'get statefulsets -n monitoring -o name')).includes('prometheus-k8s'),
    )
  })

  test('is not scaled by its StatefulSet, which its operator would set back', async () => {
    const refused = await play(site.path, 'set.yml')
    expect(failureOf(refused, server), story(refused)).toMatchObject({ code: 'refused' })
    expect(failureOf(refused, server)?.message).toContain('is managed by Prometheus k8s')
    expect(failureOf(refused, server)?.hint).toContain('kind: Prometheus, name: k8s')
    await kubectl(server, 'scale statefulset prometheus-k8s -n monitoring --replicas=0')
    const replicas = () =>
      kubectl(server, "get statefulset prometheus-k8s -n monitoring -o 'jsonpath={.spec.replicas}'")
    await until('the operator sets it back', 20, async () => (await replicas()) === '1')
  })

  test('is scaled by its own resource, and its pods are gone then', async () => {
    const check = await play(site.path, 'own.yml', '--check')
    const run = await play(site.path, 'own.yml')
    expect(run.code, story(run)).toBe(0)
    expect(contradictions(check, run)).toEqual([])
    expect(await kubectl(server, 'get pods -n monitoring -o name')).toBe('')
    const again = await play(site.path, 'own.yml')
    expect(countsOf(again, server), story(again)).toMatchObject({ changed: 0, failed: 0 })
  })
})
