import { groupState, userState } from '../../../src/questions/account.ts'
import { aptCandidate, aptLists } from '../../../src/questions/apt.ts'
import { boot } from '../../../src/questions/boot.ts'
import { cgroup } from '../../../src/questions/cgroup.ts'
import { facts } from '../../../src/questions/facts.ts'
import { fileText } from '../../../src/questions/file.ts'
import { fileTree } from '../../../src/questions/file-tree.ts'
import { hostnameState } from '../../../src/questions/hostname.ts'
import { k3sBinary } from '../../../src/questions/k3s/binary.ts'
import { journal } from '../../../src/questions/k3s/journal.ts'
import { k3sMember } from '../../../src/questions/k3s/member.ts'
import { clusterNodes } from '../../../src/questions/k3s/nodes.ts'
import { podsOf } from '../../../src/questions/k3s/pods.ts'
import { serverToken } from '../../../src/questions/k3s/token.ts'
import { appliedObject } from '../../../src/questions/k8s/applied.ts'
import { familyOf } from '../../../src/questions/k8s/family.ts'
import { clusterObject } from '../../../src/questions/k8s/object.ts'
import { listening } from '../../../src/questions/listening.ts'
import { strayLock } from '../../../src/questions/lock-stray.ts'
import { mark, rebootRequired } from '../../../src/questions/mark.ts'
import { nmConnection } from '../../../src/questions/nm-connection.ts'
import { packageState } from '../../../src/questions/package.ts'
import { pendingNotes } from '../../../src/questions/pending.ts'
import { reach } from '../../../src/questions/reach.ts'
import { runReadonly } from '../../../src/questions/run.ts'
import { activeSwaps } from '../../../src/questions/swap-active.ts'
import { sysctlValue } from '../../../src/questions/sysctl.ts'
import { unitState } from '../../../src/questions/unit.ts'
import { unitStale } from '../../../src/questions/unit-stale.ts'
import { type QuestionTrial, says, type Trials } from './trial.ts'

const busybox = 'unsupported'
const noServer = { busybox: 'k3s-no-server' } as const

const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'trial' }
const definition = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'trial' }, data: { "it's": '100%' } }
const settings = { ref, definition, manifest: JSON.stringify(definition), digest: 'one' }

/** Each kind that is sent to a host, on a server of k3s (Debian) or a host of busybox alone. */
export const questionTrials: Trials<QuestionTrial> = {
  file: ({ host }) =>
    says(fileText('/etc/hostname', { owner: 'pi' }), file => file.text === `${host.name}\n` && file.ownerExists),
  'file.tree': () => says(fileTree('/etc/sudoers.d'), entries => Array.isArray(entries)),
  unit: () => says(unitState('ssh'), unit => unit.active === 'active' && unit.mainPid > 0, { busybox }),
  'unit.stale': () => says(unitStale('ssh'), stale => stale === false, { busybox }),
  run: () => says(runReadonly({ text: 'echo said; exit 3' }), ran => ran.stdout === 'said\n' && ran.rc === 3),
  user: ({ target }) =>
    says(userState('pi', { password: true }), user => {
      const hash = user.password?.map(text => text.slice(0, 3))
      return user.uid === 1000 && hash !== undefined && (user.fixed === true) === (target === 'busybox')
    }),
  group: ({ target }) =>
    says(groupState('sudo'), group => group.gid === 27 && (group.fixed === true) === (target === 'busybox')),
  package: () => says(packageState('sudo'), found => found.installed, { busybox }),
  'apt.lists': () => says(aptLists(), lists => lists !== undefined),
  'apt.candidate': () => says(aptCandidate('sudo'), found => found.name === 'sudo', { busybox }),
  sysctl: () => says(sysctlValue('net.ipv4.ip_forward'), value => value === '0' || value === '1'),
  hostname: ({ host }) => says(hostnameState(), name => name.static === host.name && name.running === host.name),
  listening: () => says(listening(22), port => port.listening),
  reach: ({ host }) => says(reach(host.address, 22), reached => reached),
  facts: ({ host }) => says(facts(['hostname', 'distribution', 'os_family']), said => said.hostname === host.name),
  pending: () => says(pendingNotes(), notes => notes.length === 0),
  'host.boot': () => says(boot(), one => /^[0-9a-f-]{36}$/.test(one.bootId) && one.clock - one.bootedAt < 3600),
  mark: () => says(mark(rebootRequired), found => !found.set),
  'host.cgroup': () => says(cgroup(), found => found.controllers.length > 0),
  'swap.active': () => says(activeSwaps(), swaps => swaps.length === 0),
  'nm.connection': ({ target }) =>
    says(nmConnection({}), found =>
      target === 'busybox' ? found.state === 'no-nmcli' : found.state === 'found' && found.device === 'eth0',
    ),
  journal: ({ target }) => says(journal('k3s', 3600), lines => lines.length > 0 === (target !== 'busybox')),
  'k3s.binary': ({ target }) =>
    says(k3sBinary('/usr/local/bin/k3s', { digest: true }), found => found.exists === (target !== 'busybox')),
  'k3s.member': ({ target, host }) =>
    says(k3sMember(), found => found.node === host.name && found.role === (target === 'busybox' ? 'none' : 'server')),
  'k3s.nodes': ({ host }) =>
    says(clusterNodes(), found => found.nodes.some(node => node.name === host.name && node.ready), noServer),
  'k3s.pods': ({ host }) => says(podsOf(host.name), pods => Array.isArray(pods), noServer),
  'k8s.object': ({ host }) =>
    says(clusterObject({ apiVersion: 'v1', kind: 'Node', name: host.name }), one => one.state === 'found', noServer),
  'k8s.applied': () => says(appliedObject(settings), one => one.state === 'made', noServer),
  'k8s.family': () => says(familyOf('kube-system'), family => family.some(one => one.kind === 'Pod'), noServer),
  'lock.stray': () => says(strayLock(), stray => stray === false),
  'k3s.token': () => says(serverToken(), found => found.makesTokens, noServer),
}
