import { createHash } from 'node:crypto'
import type { BootAnswer } from '../../src/questions/boot.ts'
import type { FileAnswer } from '../../src/questions/file.ts'
import type { MemberAnswer } from '../../src/questions/k3s/member.ts'
import type { ClusterNode } from '../../src/questions/k3s/nodes.ts'
import type { UnitAnswer } from '../../src/questions/unit.ts'

/** A regular file of root's, as the host answers. */
export function aFile(path: string, text: string, more: Partial<FileAnswer> = {}): FileAnswer {
  const folder = path.slice(0, path.lastIndexOf('/')) || '/'
  return {
    path,
    real: path,
    type: 'file',
    mode: '0644',
    owner: 'root',
    group: 'root',
    size: text.length,
    mtime: 500,
    parent: { type: 'directory', real: folder, missing: [] },
    digest: createHash('sha256').update(text).digest('hex'),
    bytes: Buffer.from(text),
    text,
    ...more,
  }
}

export function noFile(path: string, missing: readonly string[] = []): FileAnswer {
  const folder = path.slice(0, path.lastIndexOf('/')) || '/'
  const parent = { type: missing.length === 0 ? ('directory' as const) : ('absent' as const), real: folder, missing }
  return { path, real: path, type: 'absent', parent }
}

export function aUnit(name: string, more: Partial<UnitAnswer> = {}): UnitAnswer {
  return {
    name,
    load: 'loaded',
    active: 'active',
    sub: 'running',
    enabled: 'enabled',
    masked: false,
    mainPid: 42,
    startedMonotonic: 1,
    execMainStartTimestamp: 'Mon 2024-01-01 00:00:00 UTC',
    restarts: 0,
    result: 'success',
    needDaemonReload: false,
    fragmentPath: `/usr/lib/systemd/system/${name}`,
    ...more,
  }
}

export function noUnit(name: string): UnitAnswer {
  const nothing = { load: 'not-found', active: 'inactive', sub: 'dead', enabled: '', mainPid: 0, fragmentPath: '' }
  return aUnit(name, nothing)
}

/** A boot that began at 1000 by the host's clock, which shows 2000. */
export const aBoot: BootAnswer = {
  bootId: '076609b2-24e9-43ce-bf28-7a84adb3a9fb',
  clock: 2000,
  bootedAt: 1000,
  cmdline: 'coherent_pool=1M cgroup_disable=memory console=tty1 root=PARTUUID=4f2c1a3b-02 rootwait',
}

export const unmarked = { set: false, reasons: [] }
export const marked = { set: true, reasons: ['an earlier change'] }

/** An agent's host. */
export function aMember(more: Partial<MemberAnswer> = {}): MemberAnswer {
  return { role: 'agent', active: true, node: 'w1', hostname: 'w1', machine: 'aarch64', ...more }
}

/** A Ready node whose last sign of life was at 995 of the server's clock. */
export function aNode(name: string, more: Partial<ClusterNode> = {}): ClusterNode {
  const ready = { ready: true, reason: 'kubelet is posting ready status', heartbeat: 995, cordoned: false }
  return { name, ...ready, version: 'v1.30.4+k3s1', labels: {}, addresses: ['192.168.1.53', name], ...more }
}
