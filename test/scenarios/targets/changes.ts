import { createHash } from 'node:crypto'
import { runCommand } from '../../../src/changes/command-run.ts'
import { makeDir } from '../../../src/changes/dir-make.ts'
import { setAttrs } from '../../../src/changes/file-attrs.ts'
import { downloadFile } from '../../../src/changes/file-download.ts'
import { removeFile } from '../../../src/changes/file-remove.ts'
import { sendFile } from '../../../src/changes/file-send.ts'
import { uploadFile } from '../../../src/changes/file-upload.ts'
import { writeFile } from '../../../src/changes/file-write.ts'
import { setGroup } from '../../../src/changes/group-set.ts'
import { setHostname } from '../../../src/changes/hostname-set.ts'
import { installK3s } from '../../../src/changes/k3s-install.ts'
import { applyObject } from '../../../src/changes/k8s-apply.ts'
import { deleteObject } from '../../../src/changes/k8s-delete.ts'
import { scaleObject } from '../../../src/changes/k8s-scale.ts'
import { makeLink } from '../../../src/changes/link-make.ts'
import type { LockRelease } from '../../../src/changes/lock-release.ts'
import type { LockTake } from '../../../src/changes/lock-take.ts'
import { clearMark } from '../../../src/changes/mark-clear.ts'
import { setMark } from '../../../src/changes/mark-set.ts'
import { setConnection } from '../../../src/changes/nm-set.ts'
import { cordonNode } from '../../../src/changes/node-cordon.ts'
import { drainNode } from '../../../src/changes/node-drain.ts'
import { labelNode } from '../../../src/changes/node-label.ts'
import { taintNode } from '../../../src/changes/node-taint.ts'
import { setPackages } from '../../../src/changes/package-set.ts'
import type { PendingClear } from '../../../src/changes/pending-clear.ts'
import type { PendingMark } from '../../../src/changes/pending-mark.ts'
import { rebootHost } from '../../../src/changes/reboot.ts'
import { swapOff } from '../../../src/changes/swap-off.ts'
import { setSysctl } from '../../../src/changes/sysctl-set.ts'
import { createToken } from '../../../src/changes/token-create.ts'
import { setUnit } from '../../../src/changes/unit-set.ts'
import { setUser } from '../../../src/changes/user-set.ts'
import { fieldOf } from '../../../src/core/cluster-object.ts'
import type { ObjectAnswer } from '../../../src/questions/k8s/object.ts'
import type { ConnectionAnswer } from '../../../src/questions/nm-connection.ts'
import { type ChangeTrial, does, served, type Trials } from './trial.ts'

const at = (path: string) => ({ path, real: path })
const folder = '/srv/trial'
const digest = createHash('sha256').update(served).digest('hex')
const node = (words: string) => `k3s kubectl get node "$(uname -n)" -o json | tr -d ' \\n' | grep -q '${words}'`
const busybox = 'unsupported'
const noServer = { busybox: 'k3s-no-server' } as const
const holder = 'a trial'
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'trial', namespace: 'default' }
const labels = { app: 'trial' }
const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'trial' }] } }
const spec = { replicas: 1, selector: { matchLabels: labels }, template }
const workload = JSON.stringify({
  ...deployment,
  metadata: { name: 'trial' },
  name: undefined,
  namespace: undefined,
  spec,
})
const replicas = (wanted: string) =>
  `[ "$(k3s kubectl get deployment trial -o 'jsonpath={.spec.replicas}')" = ${wanted} ]`
const installer = Buffer.from('mkdir -p /srv/trial; printf "%s\\n" "$@" "$K3S_URL" >/srv/trial/installed\n')

/** Each kind, in an order in which one finds what it needs; `reboot` is last. */
export const changeTrials: Trials<ChangeTrial> = {
  'lock.take': () => does({ kind: 'lock.take', holder } as LockTake, 'test -e /run/pitool/lock'),
  'dir.make': () =>
    does(
      makeDir({ ...at(folder), missing: [], mode: '0750', owner: 'pi', group: 'pi' }),
      `[ "$(stat -c '%a %U %G' ${folder})" = '750 pi pi' ]`,
    ),
  'file.write': () =>
    does(
      writeFile({ ...at(`${folder}/file`), text: "it's\n\0\n", mode: '0600', expects: 'absent' }),
      `[ "$(stat -c '%a %s' ${folder}/file)" = '600 7' ]`,
    ),
  'file.attrs': () =>
    does(
      setAttrs({ ...at(`${folder}/file`), type: 'file', mode: '0644', owner: 'pi', before: {} }),
      `[ "$(stat -c '%a %U' ${folder}/file)" = '644 pi' ]`,
    ),
  'link.make': () =>
    does(
      makeLink({ ...at(`${folder}/link`), target: 'file', replaces: 'absent' }),
      `[ "$(readlink ${folder}/link)" = file ]`,
    ),
  'file.remove': () => does(removeFile({ ...at(`${folder}/link`), type: 'link' }), `[ ! -L ${folder}/link ]`),
  'file.send': () =>
    does(
      sendFile({
        ...at(`${folder}/streamed`),
        from: `${import.meta.dirname}/served.txt`,
        digest,
        size: served.length,
        mode: '0640',
        expects: 'absent',
      }),
      `[ "$(stat -c %a ${folder}/streamed)" = 640 ] && [ "$(cat ${folder}/streamed)" = "${served.trim()}" ]`,
    ),
  'file.upload': () =>
    does(
      uploadFile({
        path: `${folder}/sent`,
        from: `${import.meta.dirname}/served.txt`,
        digest,
        size: served.length,
        mode: '0755',
        what: 'it',
      }),
      `[ -x ${folder}/sent ] && [ "$(cat ${folder}/sent)" = "${served.trim()}" ]`,
    ),
  'file.download': ({ url }) =>
    does(
      downloadFile({ path: `${folder}/fetched`, url, digest, mode: '0644' }),
      `[ "$(cat ${folder}/fetched)" = "${served.trim()}" ]`,
      { busybox },
    ),
  'command.run': () =>
    does(
      runCommand({ argv: ['sh', '-c', 'cat >"$0"', `${folder}/ran`], stdin: 'in' }),
      `[ "$(cat ${folder}/ran)" = in ]`,
    ),
  'sysctl.set': () =>
    does(setSysctl({ name: 'net.ipv4.ip_forward', value: '1' }), '[ "$(cat /proc/sys/net/ipv4/ip_forward)" = 1 ]'),
  'mark.set': () => does(setMark('/run/pitool/trial', 'why'), 'grep -q why /run/pitool/trial'),
  'mark.clear': () => does(clearMark('/run/pitool/trial'), '[ ! -e /run/pitool/trial ]'),
  'pending.mark': () =>
    does({ kind: 'pending.mark', id: 'a0', note: '{}' } as PendingMark, 'test -e /var/lib/pitool/pending/a0'),
  'pending.clear': () =>
    does({ kind: 'pending.clear', ids: ['a0'] } as PendingClear, '! test -e /var/lib/pitool/pending/a0'),
  'group.set': () =>
    does(setGroup({ name: 'trials', action: 'add', gid: 4321 }), 'grep -q ^trials:x:4321: /etc/group', { busybox }),
  'user.set': () =>
    does(
      setUser({ name: 'trial', action: 'add', groups: ['trials'], shell: '/bin/sh' }),
      'grep -q ^trial: /etc/passwd && [ -d /home/trial ]',
      { busybox },
    ),
  'package.set': () =>
    does(
      setPackages({ names: ['hello-pitool'], state: 'present', updateCache: true, lockTimeout: 60 }),
      'hello-pitool',
      { busybox },
    ),
  'unit.set': () =>
    does(setUnit({ name: 'cron.service', enabled: false, state: 'stopped' }), '! systemctl is-active --quiet cron', {
      busybox,
    }),
  'swap.off': () => does(swapOff(['/var/swap']), '! grep -q /var/swap /proc/swaps'),
  'nm.set': ({ target, answer }) => {
    const found = answer('nm.connection') as Extract<ConnectionAnswer, { state: 'found' }>
    const { uuid = 'none', name = 'none', device = 'eth0' } = target === 'busybox' ? {} : found
    const settings = { 'ipv4.dns-search': 'trial.example' }
    return does(
      setConnection({ uuid, name, device, settings, before: { 'ipv4.dns-search': '' } }),
      'grep -q trial.example /etc/resolv.conf',
      { busybox },
    )
  },
  'k3s.install': () =>
    does(
      installK3s({ text: installer, from: 'a script', url: 'https://10.0.0.1:6443', arguments: ['--x'], makes: [] }),
      `[ "$(tr '\\n' ' ' <${folder}/installed)" = 'agent --x https://10.0.0.1:6443 ' ]`,
    ),
  'node.label': ({ host }) =>
    does(
      labelNode({ node: host.name, set: { trial: 'yes' }, remove: [], before: {} }),
      node('"trial":"yes"'),
      noServer,
    ),
  'node.taint': ({ host }) =>
    does(
      taintNode({ node: host.name, set: ['trial=yes:NoSchedule'], remove: [], before: [], after: [] }),
      node('"key":"trial"'),
      noServer,
    ),
  'node.cordon': ({ host }) =>
    does(
      cordonNode({ node: host.name, cordoned: true, by: 'a trial', before: { cordoned: false, by: undefined } }),
      node('"unschedulable":true'),
      noServer,
    ),
  'node.drain': ({ host }) =>
    does(
      drainNode({ node: host.name, deleteEmptydirData: false, force: false, disableEviction: false, within: 20 }),
      node('"unschedulable":true'),
      noServer,
    ),
  'token.create': ({ host }) => does(createToken(host.name, '1h', 'a trial'), 'k3s token list | grep -q .', noServer),
  'k8s.apply': () =>
    does(
      applyObject({ ref: deployment, manifest: workload, digest: '', seen: '', becomes: {}, fields: [] }),
      replicas('1'),
      noServer,
    ),
  'k8s.scale': () =>
    does(scaleObject({ ref: deployment, replicas: 2, before: 1, becomes: {} }), replicas('2'), noServer),
  'k8s.delete': ({ host, answer }) => {
    const found = answer('k8s.object') as ObjectAnswer | undefined
    const uid = String(found?.state === 'found' ? fieldOf(found.object, 'metadata', 'uid') : '')
    const ref = { apiVersion: 'v1', kind: 'Node', name: host.name }
    return does(deleteObject({ ref, uid, fields: [] }), '! k3s kubectl get node "$(uname -n)"', noServer)
  },
  'hostname.set': () =>
    does(
      setHostname({ name: 'trial-name' }),
      '[ "$(cat /proc/sys/kernel/hostname) $(cat /etc/hostname)" = "trial-name trial-name" ]',
    ),
  'lock.release': () => does({ kind: 'lock.release', holder } as LockRelease, '! test -e /run/pitool/lock'),
  reboot: () => does(rebootHost({ message: 'a trial', reason: 'a trial' }), '[ ! -e /run/pitool ]'),
}
