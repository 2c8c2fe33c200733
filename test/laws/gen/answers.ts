import { createHash } from 'node:crypto'
import fc, { type Arbitrary } from 'fast-check'
import type { FileAnswer } from '../../../src/questions/file.ts'
import type { MemberAnswer } from '../../../src/questions/k3s/member.ts'
import type { ClusterNode, NodesAnswer } from '../../../src/questions/k3s/nodes.ts'
import type { UnitAnswer } from '../../../src/questions/unit.ts'

/** A regular file of root's with one of these texts, or none, in a folder that is there. */
export function fileAnswer(path: string, texts: Arbitrary<string>, mode = '0644'): Arbitrary<FileAnswer> {
  return fc
    .option(texts, { nil: undefined, freq: 3 })
    .map(text => (text === undefined ? absent(path) : there(path, text, mode)))
}

export function absent(path: string): FileAnswer {
  const parent = {
    type: 'directory',
    real: folderOf(path),
    missing: [],
    mode: '0755',
    owner: 'root',
    group: 'root',
  } as const
  return { path, real: path, type: 'absent', parent, asker: { owner: 'root', group: 'root' } }
}

export function there(path: string, text: string, mode = '0644'): FileAnswer {
  const bytes = Buffer.from(text)
  const { asker: _, ...rest } = absent(path)
  return {
    ...rest,
    type: 'file',
    mode,
    owner: 'root',
    group: 'root',
    uid: 0,
    gid: 0,
    size: bytes.length,
    mtime: 1_700_000_000,
    inode: 42,
    links: 1,
    digest: createHash('sha256').update(bytes).digest('hex'),
    bytes,
    text,
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

export function unitAnswer(name: string): Arbitrary<UnitAnswer> {
  const folder = fc.constantFrom('/etc/systemd/system', '/usr/lib/systemd/system')
  const enabled = fc.constantFrom('enabled', 'disabled', 'static', 'generated', 'masked', '')
  return fc
    .tuple(fc.boolean(), enabled, fc.constantFrom('active', 'inactive', 'failed'), fc.boolean(), folder)
    .map(([loaded, enabled, active, stale, folder]) => {
      const masked = loaded && enabled === 'masked'
      return {
        name,
        load: !loaded ? 'not-found' : masked ? 'masked' : 'loaded',
        active: loaded ? active : 'inactive',
        sub: loaded && active === 'active' ? 'running' : 'dead',
        enabled: loaded ? enabled : '',
        masked,
        mainPid: 0,
        startedMonotonic: 0,
        execMainStartTimestamp: '',
        restarts: 0,
        result: 'success',
        needDaemonReload: loaded && stale,
        fragmentPath: loaded && !masked ? `${folder}/${name}` : '',
      }
    })
}

export const member: Arbitrary<MemberAnswer> = fc.record({
  role: fc.constantFrom('agent', 'none', 'none', 'server'),
  active: fc.boolean(),
  node: fc.constantFrom('host', 'host', 'n1'),
  hostname: fc.constantFrom('host', 'Host.lan'),
  machine: fc.constantFrom('aarch64', 'armv7l', 'x86_64'),
})

export const labels = fc.dictionary(
  fc.constantFrom('hardware', 'memory-class', 'node-role.kubernetes.io/worker', 'a'),
  fc.constantFrom('pi5', 'pi3', '', 'high', 'worker'),
)

const clock = 1_800_000_000

const node: Arbitrary<ClusterNode> = fc.record({
  name: fc.constantFrom('host', 'n1', 'host.lan'),
  ready: fc.boolean(),
  reason: fc.constant('as it is'),
  heartbeat: fc.constantFrom(0, clock - 3, clock - 300),
  cordoned: fc.boolean(),
  version: fc.constantFrom('v1.30.4+k3s1', 'v1.31.0+k3s1'),
  labels,
  addresses: fc.constant(['192.0.2.1']),
})

export const cluster: Arbitrary<NodesAnswer> = fc
  .uniqueArray(node, { maxLength: 3, selector: one => one.name })
  .map(nodes => ({ clock, nodes }))

export const groups = { server: ['srv'] } as const

export const marked = fc.boolean().map(set => ({ set, reasons: set ? ['something was changed'] : [] }))

export const boot = {
  bootId: '00000000-0000-4000-8000-000000000000',
  clock,
  bootedAt: clock - 1000,
  cmdline: 'root=/dev/sda2 quiet',
}
