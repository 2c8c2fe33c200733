import type { Change } from '../core/change.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import { mask } from '../core/secret.ts'
import { errText, outText, type Section } from '../core/section.ts'
import { operand, quote } from '../core/sh.ts'
import type { ChangeKind } from './kind.ts'
import { beforeNetplan, keptOtherwise, notKept, verifyKept, withoutNewFile } from './nm/netplan.ts'
import { resolverFiles } from './nm/resolver-files.ts'

/**
 * Properties of a NetworkManager connection, written to its profile and applied to its device, under a checkpoint:
 * unless it is confirmed over a new connection, NetworkManager puts profile and device back by itself.
 */
export interface NmSet extends Change {
  readonly kind: 'nm.set'
  readonly uuid: string
  readonly name: string
  /** '': the connection is not active, so only its profile is written. */
  readonly device: string
  /** By NetworkManager's names: `ipv4.dns`. Empty: the profile is right, it only was not applied. */
  readonly settings: { readonly [property: string]: string }
  /** What the plan saw. */
  readonly before: { readonly [property: string]: string }
}

export function setConnection(change: Omit<NmSet, 'kind'>): NmSet {
  return { kind: 'nm.set', ...change }
}

const secondsToConfirm = 60
const changedUnderneath = 91
const bus = 'org.freedesktop.NetworkManager'
const call = `busctl call ${bus} /org/freedesktop/NetworkManager ${bus}`

export const nmSetKind: ChangeKind<NmSet> = {
  kind: 'nm.set',
  carry: change => ({ script: carryScript(change), own: true, timeout: 50 }),
  confirm: (change, section) => ({ script: confirmScript(change, checkpointOf(section)), timeout: 30 }),
  explain,
  fold: (shadow, { uuid, name, settings }) => {
    const written = ['/etc/NetworkManager/system-connections', ...resolverFiles]
    shadow.obscure(written, `what is written of connection ${name} is known after apply`)
    for (const [property, value] of Object.entries(settings)) shadow.values.set(`nm:${uuid}:${property}`, value)
    shadow.values.set(`nm:${uuid}:applied`, true)
  },
  diff: ({ name, settings, before, device }) => ({
    subject: `connection ${name}`,
    summary: Object.keys(settings).length === 0 ? `apply connection ${name} to ${device}` : `change connection ${name}`,
    facets: Object.entries(settings).map(([property, after]) => ({
      name: property,
      before: before[property] ?? '',
      after,
    })),
  }),
  // It writes files, names servers and starts whatever the host has its dispatcher start.
  footprint: () => 'all',
}

function carryScript(change: NmSet): string {
  const { uuid, device, settings, before } = change
  const properties = Object.keys(settings)
  const words = Object.entries(settings).map(([property, value]) => `${quote(property)} ${quote(value)}`)
  const lines = [
    ...properties.map(
      property => `seen=$(nmcli -e no -g ${quote(property)} connection show uuid ${quote(uuid)})
[ "$seen" = ${quote(before[property] ?? '')} ] || { echo "$seen" >&2; exit ${changedUnderneath}; }`,
    ),
    beforeNetplan(uuid),
    // 2: connections made meanwhile go; 4: devices that came meanwhile are let go.
    `made=$(${call} CheckpointCreate aouu 0 ${secondsToConfirm} 6)`,
    'checkpoint=${made#*\\"}; checkpoint=${checkpoint%\\"*}',
    `trap '${call} CheckpointRollback o "$checkpoint" >/dev/null 2>&1 || :; ${withoutNewFile}' EXIT`,
    ...(words.length === 0 ? [] : [`nmcli connection modify uuid ${quote(uuid)} ${words.join(' ')} >/dev/null`]),
    verifyKept(uuid, settings),
    ...(device === '' ? [] : [applyScript(change)]),
    'trap - EXIT',
    `printf '%s\\n' "$checkpoint"`,
  ]
  return lines.join('\n')
}

// Some changes cannot be applied to a running device; the checkpoint makes bringing it up anew safe. This waits for
// the end of it: were it answered before, the proof over a new connection might be one over the old network.
function applyScript({ device, uuid }: NmSet): string {
  return `nmcli device reapply ${operand(device)} >/dev/null 2>&1 || nmcli --wait 40 connection up uuid ${quote(uuid)} >/dev/null`
}

function checkpointOf(section: Section): string {
  return outText(section).trim().split('\n').at(-1) ?? ''
}

// The device may need some seconds to settle down; only then is the way back given up.
function confirmScript({ device }: NmSet, checkpoint: string): string {
  const connected = `[ "$(nmcli -e no -g GENERAL.STATE device show ${operand(device)} | cut -d' ' -f1)" = 100 ]`
  return `
tries=0
until ${device === '' ? ':' : connected}; do
  tries=$((tries + 1))
  [ "$tries" -lt 20 ] || { echo 'the device is not connected' >&2; exit 1; }
  sleep 1
done
${call} CheckpointDestroy o ${quote(checkpoint)} >/dev/null`
}

function explain(section: Section, { name }: NmSet): Diagnostic | undefined {
  const said = mask(errText(section).trim()).slice(0, 1000)
  const cause = said === '' ? {} : { cause: said }
  if (section.code === changedUnderneath) {
    const hint = 'run it again: it is looked at anew'
    return {
      code: 'changed-underneath',
      message: `connection ${name} was changed by somebody else meanwhile`,
      hint,
      ...cause,
    }
  }
  if (section.code === keptOtherwise) return notKept(name, said)
  if (/already included in checkpoint/.test(said)) {
    const hint = 'wait a minute: a checkpoint ends by itself'
    return { code: 'change-failed', message: 'another change of the network waits to be confirmed', hint, ...cause }
  }
  if (/busctl: (command )?not found|busctl: No such file/.test(said)) {
    const hint = 'install systemd, whose `busctl` asks NetworkManager for the way back'
    return {
      code: 'unsupported',
      message: 'the network is not changed without a way back, which needs busctl',
      hint,
      ...cause,
    }
  }
  if (/nmcli: (command )?not found/.test(said)) {
    const hint = 'configure what manages the network here'
    return { code: 'unsupported', message: 'NetworkManager is not installed here', hint, ...cause }
  }
  const hint = 'check the values; the connection was put back as it was'
  return { code: 'change-failed', message: `NetworkManager refuses the change of connection ${name}`, hint, ...cause }
}
