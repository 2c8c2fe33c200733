import { createDialer } from '../../src/transport/dialer.ts'
import { addressSettled } from '../lab/addressed.ts'
import { type LabHost, lab } from '../lab/lab.ts'
import { cuttable } from './cutting.ts'
import type { Cutting } from './killed.ts'
import { filesBelow, type Snapshot } from './snapshot.ts'
import { keptOpen, type World } from './world.ts'

const root = '/srv/law'
/** Where every file that becomes another is named by a change; accounts, packages and units bring files of their own. */
const ownAreas = [root, '/etc/hosts', '/etc/fstab', '/etc/sysctl.d', '/boot/firmware', '/home/lawk']

/** One in which runs can be cut short. */
export interface RemoteWorld extends World {
  readonly host: LabHost
  readonly cutting: Cutting
}

/** What a host's plays reach beside itself. */
export interface Beside {
  /** More hosts of the plays. */
  readonly others: readonly LabHost[]
  /** Where else files become others by a change. */
  readonly areas: readonly string[]
  /** Makes the state of the others, before that of the host. */
  serve(script: string): Promise<void>
  /** Both have come to rest. */
  settled(): Promise<void>
  /** Their state, and which of the host's own lines come and go by themselves. */
  snapshot(): Promise<ReadonlyMap<string, string>>
  /** What lasts of it, a line each. */
  lasting(): Promise<readonly string[]>
  readonly restless: RegExp
}

/** A booted host of the lab, over SSH and sudo; its state is looked at past both. */
export function openRemote(host: LabHost, beside?: Beside): RemoteWorld {
  const others = beside?.others ?? []
  const areas = [...ownAreas, ...(beside?.areas ?? [])]
  const way = (name: string): LabHost => others.find(other => other.name === name) ?? host
  const { dialer: cut, cutting } = cuttable(
    createDialer(name => ({
      connection: 'ssh',
      host: way(name).name,
      address: way(name).address,
      port: way(name).port,
      user: way(name).user,
      privateKeyFiles: [lab.keyFile],
      knownHostsFiles: [lab.knownHostsFile],
      hostKeyChecking: 'strict',
      connectTimeout: 20,
    })),
  )
  // What is kept open is that of one host.
  const kept = keptOpen(cut)
  const dialer = {
    ...kept,
    dial: (name: string, signal?: AbortSignal) =>
      others.some(other => other.name === name) ? cut.dial(name, signal) : kept.dial(name, signal),
  }
  // The login and its shells are there before the first look at the host, so that they are no difference.
  const warm = async () => {
    const connection = await dialer.dial(host.name)
    await (await connection.shell({ become: 'root' })).frame([':'])
    await connection.close()
  }
  return {
    host,
    root,
    dialer,
    cutting,
    play: { become: true },
    async prepare(found, served) {
      if (served !== undefined) await beside?.serve(served)
      const ran = await lab.exec(host.name, `set -e\nrm -rf ${root}\nmkdir ${root}\ncd ${root}\n${found}`)
      await warm()
      if (ran.code !== 0) throw new Error(`the state to be found could not be made: ${ran.stderr}\n${found}`)
      await beside?.settled()
    },
    async snapshot(): Promise<Snapshot> {
      await lab.exec(host.name, addressSettled)
      const own = [...(await lab.snapshot(host.name))].filter(([key]) => !beside?.restless.test(key))
      return { all: new Map([...own, ...((await beside?.snapshot()) ?? [])]), files: filesOf(host, areas), areas }
    },
    async lasting(): Promise<Snapshot> {
      const { code, stdout, stderr } = await lab.exec(host.name, lastingScript)
      if (code !== 0) throw new Error(`what lasts on ${host.name} could not be seen: ${stderr}`)
      const lines = [...stdout.split('\n').filter(line => line !== ''), ...((await beside?.lasting()) ?? [])]
      return { all: new Map(lines.map(line => [line, 'there'])), files: filesOf(host, areas), areas }
    },
    close: () => dialer.close(),
  }
}

function filesOf(host: LabHost, areas: readonly string[]): Snapshot['files'] {
  return new Map(areas.flatMap(area => [...filesBelow(area, host.root)]))
}

/** Packages, accounts, units, settings, and what pitool still owes or holds: a line each. */
const lastingScript = `
has() { command -v "$1" >/dev/null; }
! has dpkg-query || dpkg-query -W -f='package \${Package} \${Version} \${Status}\\n'
for f in passwd group shadow; do sed "s/^/$f /" /etc/$f; done | sed 's/^\\(shadow [^:]*:[^:]*\\):.*/\\1/' | sort
! has systemctl || systemctl list-unit-files --no-legend --no-pager 'law*' 'pitool*' 'dphys*' | sed 's/  */ /g; s/^/unit file /'
! has systemctl || systemctl list-units --no-legend --no-pager --plain 'law*' 'pitool*' | sed 's/  */ /g; s/^/unit /'
for p in net/ipv4/ip_forward net/ipv4/conf/lo/rp_filter; do echo "sysctl $p $(cat /proc/sys/$p)"; done
echo "hostname $(hostname) $(cat /etc/hostname)"
! has nmcli || for c in $(nmcli -g UUID connection show --active); do nmcli -g connection.id,connection.autoconnect,ipv4,ipv6 connection show "$c" | sed 's/^/connection /'; done
# A lock whose holder is gone binds nobody, and who has nothing to change leaves it.
find /var/lib/pitool/pending /run/pitool -mindepth 1 ! -path "/run/pitool/lock*" 2>/dev/null | sed "s/^/own /" | sort
`
