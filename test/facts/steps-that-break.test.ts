/** Steps of a cluster's plan that break as people usually write them: each by its name, against what does it here. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/core/change.ts'
import type { Value, Vars } from '../../src/core/value.ts'
import { compileExpression, compileTemplate, varsScope } from '../../src/language/index.ts'
import { modules } from '../../src/modules/index.ts'
import { unready } from '../../src/modules/k8s/ready.ts'
import { k8sScale } from '../../src/modules/k8s_scale.ts'
import { kernelCmdline } from '../../src/modules/kernel_cmdline.ts'
import { nmcli } from '../../src/modules/nmcli.ts'
import { cmdlinePlaces } from '../../src/modules/pi/cmdline-places.ts'
import { places, swapUnitOf, units } from '../../src/modules/pi/swap-mechanisms.ts'
import { swap } from '../../src/modules/swap.ts'
import { loadProject } from '../../src/playbook/index.ts'
import { boot } from '../../src/questions/boot.ts'
import { type FileAnswer, fileStat, fileText } from '../../src/questions/file.ts'
import { clusterObject } from '../../src/questions/k8s/object.ts'
import { mark, rebootRequired } from '../../src/questions/mark.ts'
import { nmConnection } from '../../src/questions/nm-connection.ts'
import { activeSwaps } from '../../src/questions/swap-active.ts'
import { type UnitAnswer, unitState } from '../../src/questions/unit.ts'
import { inFolder } from '../changes/law.ts'
import { aBoot, aFile, aUnit, noFile, noUnit, unmarked } from '../modules/found.ts'
import { planWith, says, saysOn } from '../modules/plan-with.ts'
import { runScript } from '../questions/shells.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** A text of a role, as it would stand there by itself. */
const whole = (text: string) => ({ source: { file: 'role', text }, start: 0, end: text.length })
const render = (text: string, vars: Vars) => compileTemplate(text, whole(text)).render(varsScope(vars))
const holds = (text: string, vars: Vars): Value => compileExpression(text, whole(text)).evaluate(varsScope(vars))

describe('`sed s/$/ cgroup…/` on cmdline.txt appends at every run, and to every line', () => {
  const bookworm = cmdlinePlaces[1]
  const words = read('roles/cgroups/defaults/main.yml')
    .match(/^ {2}- \S+$/gm)!
    .map(line => line.slice(4))
  const plan = (text: string) =>
    planWith(kernelCmdline, { present: words }, [
      says(boot(), aBoot),
      says(mark(rebootRequired), unmarked),
      ...cmdlinePlaces.map(path => says(fileText(path), path === bookworm ? aFile(path, text) : noFile(path))),
    ])
  const written = (changes: readonly Change[]) =>
    changes.find((change): change is Change & { readonly text: string } => change.kind === 'file.write')?.text

  it('the words of the role are there once, after as many runs as you like', () => {
    const once = written(plan('console=tty1 root=PARTUUID=1-02 rootwait\n').changes)!
    expect(once).toBe('console=tty1 root=PARTUUID=1-02 rootwait cgroup_memory=1 cgroup_enable=memory\n')
    expect(written(plan(once).changes)).toBeUndefined()
  })
  it('what an earlier sed left twice gets no third', () => {
    const twice = `root=PARTUUID=1-02 ${[...words, ...words].join(' ')}\n`
    expect(written(plan(twice).changes) ?? twice).not.toMatch(/(cgroup_enable=memory.*){3}/)
  })
  it('a second line, which the firmware ignores, is refused', () => {
    expect(plan('root=PARTUUID=1-02\nquiet\n').failed?.code).toBe('cmdline-many-lines')
  })
})

describe('"Wired connection 1" is called netplan-eth0 on Trixie', () => {
  const uuid = '44ca5be5-0c60-4441-b1fa-b74359310770'
  const name = 'netplan-eth0'
  it('the role names no connection, so that of the default route is taken, by its UUID', () => {
    expect(read('roles/dns/defaults/main.yml')).not.toMatch(/^nm_connection:/m)
    const profile = { 'ipv4.dns': '', 'ipv4.ignore-auto-dns': 'no', 'ipv6.ignore-auto-dns': 'no' }
    const found = { state: 'found' as const, uuid, name, device: 'eth0', profile, resolvers: { ipv4: [], ipv6: [] } }
    const wish = { dns4: ['1.1.1.1'], dns4_ignore_auto: true, dns6_ignore_auto: true }
    expect(planWith(nmcli, wish, [says(nmConnection({}), found)]).changes).toMatchObject([{ kind: 'nm.set', uuid }])
  })
  it('who asks for it by the old name is told the new one, and nothing is changed', () => {
    const none = { state: 'not-found' as const, device: 'eth0', connections: [{ uuid, device: 'eth0', name }] }
    const wish = { conn_name: 'Wired connection 1', dns4: ['1.1.1.1'] }
    const { failed, changes } = planWith(nmcli, wish, [says(nmConnection({ name: 'Wired connection 1' }), none)])
    expect(failed?.code).toBe('connection-not-found')
    expect(failed?.message).toContain(name)
    expect(changes).toEqual([])
  })
})

describe('swap', () => {
  interface Host {
    readonly files?: readonly FileAnswer[]
    readonly units?: readonly UnitAnswer[]
    readonly active?: readonly string[]
  }
  const plan = ({ files = [], units: there = [], active = [] }: Host) => {
    const file = (path: string) => files.find(one => one.path === path) ?? noFile(path)
    const unit = (name: string) => there.find(one => one.name === name) ?? noUnit(name)
    return planWith(swap, {}, [
      says(
        activeSwaps(),
        active.map(name => ({ name, kind: 'file' as const, sizeKb: 1024 })),
      ),
      says(mark(rebootRequired), unmarked),
      ...[places.fstab, places.dphys, places.rpiOff].map(path => says(fileText(path), file(path))),
      ...['/var/swap', places.rpi].map(path => says(fileStat(path), file(path))),
      ...[...units, ...active.map(swapUnitOf)].map(name => says(unitState(name), unit(name))),
    ])
  }
  it('dphys-swapfile does not exist on Trixie: there its own mechanism is turned off, for good', () => {
    const files = [aFile(places.rpi, ''), noFile(places.rpiOff, [])]
    const zram = aUnit('systemd-zram-setup@zram0.service', { enabled: 'static', sub: 'exited' })
    const { changes, failed } = plan({ files, units: [zram], active: ['/dev/zram0'] })
    expect(failed).toBeUndefined()
    const told = JSON.stringify(changes)
    expect(told).toContain('Mechanism=none')
    expect(told).not.toContain('dphys')
  })
  it('a runtime `swapoff` does not persist: what swaps at the next boot goes too', () => {
    const dphys = { units: [aUnit('dphys-swapfile.service', { sub: 'exited' })], files: [aFile('/var/swap', 'x')] }
    const kinds = (host: Host) => plan(host).changes.map(change => change.kind)
    expect(kinds({ ...dphys, active: ['/var/swap'] })).toEqual(['unit.set', 'swap.off', 'file.remove'])
    expect(kinds(dphys), 'swapped off by hand before').toEqual(['unit.set', 'file.remove'])
    const fstab = aFile(places.fstab, 'LABEL=x / ext4 defaults 0 1\n/swapfile none swap sw 0 0\n')
    expect(kinds({ files: [fstab] })).toContain('file.write')
  })
})

describe("keepalived with an image's defaults names 192.168.1.10 and .11 as peers: two masters", () => {
  const template = read('roles/keepalived/templates/keepalived.conf.hbs')
  const tasks = read('roles/keepalived/tasks/main.yml')
  const defaults = Object.fromEntries(
    [...read('roles/keepalived/defaults/main.yml').matchAll(/^(keepalived_\w+): ([\w.]+)$/gm)].map(match => [
      match[1]!,
      match[2] === 'false' ? false : match[2]!,
    ]),
  )
  const host = { inventory_hostname: 'dns-1', keepalived_vip: '198.18.0.5', keepalived_interface: 'end0' }
  const own = { keepalived_address: '198.18.0.6', keepalived_priority: '150', keepalived_peers: ['198.18.0.7'] }
  const written = String(render(template, { ...defaults, ...host, ...own }))

  it('the peers are the other hosts of the inventory, by unicast, and this host is none', () => {
    expect(written).toMatch(/unicast_src_ip 198\.18\.0\.6\n\s*unicast_peer \{\s*198\.18\.0\.7\s*\}/)
    expect(written).not.toMatch(/192\.168\./)
    expect(written).toMatch(/198\.18\.0\.5\/32 dev end0/)
  })
  it('both begin as BACKUP', () => expect(written.match(/\bstate \w+/g)).toEqual(['state BACKUP']))
  it('a host without peers is refused', () => {
    const rule = tasks.match(/size\(keepalived_peers\) == .*$/m)![0]
    const both = ['dns-1', 'dns-2']
    expect(holds(rule, { keepalived_peers: ['198.18.0.7'], keepalived_hosts: both })).toBe(true)
    expect(holds(rule, { keepalived_peers: [], keepalived_hosts: both })).toBe(false)
    expect(holds(rule, { keepalived_peers: [], keepalived_hosts: ['dns-1'] })).toBe(false)
  })
})

interface RoleTask {
  readonly name: string
  readonly when?: string
  readonly assert?: { readonly that: string | readonly string[] }
  readonly debug?: { readonly msg: string }
  readonly k8s?: { readonly definition: { readonly kind: string; readonly spec: Vars } }
}
const tasksOf = (role: string) => load(read(`roles/${role}/tasks/main.yml`)) as readonly RoleTask[]
const defaultsOf = (role: string) => load(read(`roles/${role}/defaults/main.yml`)) as Vars

describe('an NFS claim without storageClassName: "" stays Pending on k3s: the default class grabs it', () => {
  const specOf = (kind: string) =>
    tasksOf('nfs_volume').find(task => task.k8s?.definition.kind === kind)!.k8s!.definition.spec
  it('volume and claim of the role both have the empty class, and name each other', () => {
    const [volume, claim] = [specOf('PersistentVolume'), specOf('PersistentVolumeClaim')]
    expect([volume.storageClassName, claim.storageClassName]).toEqual(['', ''])
    expect(claim.volumeName).toBe('{{nfs_name}}')
    expect(volume.claimRef).toMatchObject({ kind: 'PersistentVolumeClaim', name: '{{nfs_name}}' })
    expect(defaultsOf('nfs_volume').nfs_mount_options).toEqual(['nfsvers=4.1'])
  })
  it('the export is tried before anything is made for it', () => {
    const names = tasksOf('nfs_volume').map(({ name }) => name)
    const order = ['What mounts NFS', 'Try to mount the export', 'The folder of the volume', 'The volume']
    expect(names.filter(name => order.includes(name))).toEqual(order)
  })
  it('who waits for such a claim is told the word that is missing', () => {
    const spec = { volumeName: 'media', storageClassName: 'local-path' }
    const claim = { kind: 'PersistentVolumeClaim', spec, status: { phase: 'Pending' } }
    expect(unready(claim)).toMatchObject({
      why: 'it is Pending',
      hint: expect.stringContaining('storageClassName: ""'),
    })
  })
})

describe('Prometheus on NFS is unsupported upstream; SQLite (Grafana) locks badly over NFS', () => {
  const defaults = defaultsOf('nfs_volume')
  const rule = tasksOf('nfs_volume').find(({ name }) => name.startsWith('It is for something'))!.assert!.that as string
  const warning = tasksOf('nfs_volume').find(({ debug }) => debug !== undefined)!
  it.each(['prometheus', 'grafana', 'sqlite'])('%s is refused unless it is accepted, and warned of then', what => {
    const vars = { ...defaults, nfs_for: what }
    expect(holds(rule, vars)).toBe(false)
    expect(holds(rule, { ...vars, nfs_accept_unsupported: true })).toBe(true)
    expect(holds(warning.when!, vars)).toBe(true)
    expect(render(warning.debug!.msg, vars)).toMatch(/^WARNING: /)
  })
  it('others are neither refused nor warned of', () => {
    expect([rule, warning.when!].map(text => holds(text, { ...defaults, nfs_for: 'jellyfin' }))).toEqual([true, false])
  })
})

describe('Gravity Sync is retired, knows Pi-hole v5 only, and exits 0 when it aborts', () => {
  const rule = tasksOf('gravity_sync').find(({ name }) => name.startsWith('It is one that'))!.assert!.that as string
  it.each([
    ['5', true],
    ['6', false],
    ['pod', false],
    ['container', false],
    ['none', false],
  ])('a Pi-hole that is %s: %s', (stdout, known) => {
    expect(holds(rule, { gravity_sync_pihole: { stdout } })).toBe(known)
  })
  it('its last release is pinned, and must have the digest that is told', () => {
    expect(defaultsOf('gravity_sync').gravity_sync_version).toBe('4.0.7')
    expect(read('roles/gravity_sync/tasks/main.yml')).toContain("checksum: 'sha256:{{gravity_sync_sha256}}'")
  })
  it.each([
    ['[ABORT] Could not reach the peer', 0, 1],
    ['', 0, 1],
    ['No replication is required at this time', 0, 0],
    ['Gravity Sync pull completed after 3 seconds', 0, 0],
    ['Gravity Sync pull completed after 3 seconds', 4, 4],
  ])('%j with exit %i is judged as %i', (words, code, judged) => {
    const ended = inFolder(folder => {
      writeFileSync(`${folder}/gravity-sync`, `#!/bin/sh\necho '${words}'\nexit ${code}\n`)
      chmodSync(`${folder}/gravity-sync`, 0o755)
      const script = String(render(read('roles/gravity_sync/templates/run.hbs'), {}))
      return runScript(['sh'], script.replaceAll('/usr/local/bin/', `${folder}/`)).code
    })
    expect(ended).toBe(judged)
  })
})

describe('scaling the StatefulSet of Prometheus is reverted by its operator: patch the Prometheus itself', () => {
  const owner = { apiVersion: 'monitoring.coreos.com/v1', kind: 'Prometheus', name: 'k8s', controller: true }
  const plan = (kind: string, apiVersion: string, metadata: object) => {
    const ref = { apiVersion, kind, name: 'x', namespace: 'monitoring' }
    const object = { apiVersion, kind, metadata, spec: { replicas: 1 } }
    const answer = saysOn('srv', clusterObject(ref), { state: 'found', object })
    return planWith(k8sScale, { kind, name: 'x', namespace: 'monitoring', replicas: 0 }, [answer])
  }
  it('the set is refused, and what to write instead is said', () => {
    const { failed, changes } = plan('StatefulSet', 'apps/v1', { ownerReferences: [owner] })
    expect(failed).toMatchObject({ code: 'refused', message: expect.stringContaining('managed by Prometheus k8s') })
    expect(failed?.hint).toContain('{ kind: Prometheus, name: k8s, namespace: monitoring }')
    expect(changes).toEqual([])
  })
  it('the Prometheus is patched', () => {
    const { changes } = plan('Prometheus', 'monitoring.coreos.com/v1', {})
    expect(changes).toMatchObject([{ kind: 'k8s.scale', ref: { kind: 'Prometheus' }, replicas: 0 }])
  })
})

describe('no passwordless sudo: a become password works everywhere', () => {
  const { plays } = loadProject({ cwd: root, playbooks: ['playbooks/site.yml'], modules, extraVars: [] })
  it('every play of the site becomes root by itself, so that -K or the inventory is all it takes', () => {
    expect(plays.length).toBeGreaterThan(0)
    for (const play of plays) expect(read(play.span.source.file), play.name).toMatch(/^ {2}become: true$/m)
  })
  it('no role calls sudo past that: it would ask where nobody answers', () => {
    for (const role of [
      'preflight',
      'hostname',
      'ssh_key',
      'cgroups',
      'swap_off',
      'dns',
      'reboot_if_needed',
      'k3s_agent',
    ])
      expect(read(`roles/${role}/tasks/main.yml`), role).not.toMatch(/^\s*(shell|command|cmd|argv|-):? .*\bsudo\b/m)
  })
})
