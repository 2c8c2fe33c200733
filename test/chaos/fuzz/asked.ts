import type { Question } from '../../../src/core/question.ts'
import type { Section } from '../../../src/core/section.ts'
import { groupState, userState } from '../../../src/questions/account.ts'
import { aptCandidate, aptLists } from '../../../src/questions/apt.ts'
import { boot } from '../../../src/questions/boot.ts'
import { cgroup } from '../../../src/questions/cgroup.ts'
import { factNames, facts } from '../../../src/questions/facts.ts'
import { fileDigest, fileStat, fileText } from '../../../src/questions/file.ts'
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
import { mark } from '../../../src/questions/mark.ts'
import { profileProperties } from '../../../src/questions/nm/properties.ts'
import { nmConnection } from '../../../src/questions/nm-connection.ts'
import { packageState } from '../../../src/questions/package.ts'
import { pendingNotes } from '../../../src/questions/pending.ts'
import { reach } from '../../../src/questions/reach.ts'
import { runReadonly } from '../../../src/questions/run.ts'
import { activeSwaps } from '../../../src/questions/swap-active.ts'
import { sysctlValue } from '../../../src/questions/sysctl.ts'
import { unitState } from '../../../src/questions/unit.ts'
import { unitStale } from '../../../src/questions/unit-stale.ts'
import { section } from '../../questions/section.ts'

/** Questions of one kind that go out together. */
export interface Asked {
  readonly questions: readonly [Question, ...Question[]]
  /** What a host would answer, where this machine cannot be asked. */
  readonly answer?: Section
}

const web = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'media' }
const object = JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', uid: 'u' } })
const note = { project: 'p', playbook: 'b.yml', play: 'Play', address: 'Restart it', digest: 'd', run: 'r' }

/** Of every kind, what modules ask. */
export const asked: readonly Asked[] = [
  {
    questions: [
      fileText('/etc/hostname'),
      fileStat('/etc/nowhere/at/all', { owner: 'root' }),
      fileDigest('/etc/passwd'),
    ],
  },
  { questions: [fileTree('/etc/apt'), fileTree('/nowhere')] },
  {
    questions: [unitState('ssh'), unitState('getty@')],
    answer: section(
      'LoadState=loaded\nActiveState=active\nMainPID=17\nNRestarts=0\n\nLoadState=loaded\nActiveState=inactive\n',
    ),
  },
  { questions: [unitStale('ssh'), unitStale('cron')], answer: section('yes\n\0no\n\0') },
  { questions: [runReadonly({ argv: ['true'] }), runReadonly({ text: 'echo out; echo err >&2; exit 3' })] },
  { questions: [userState('root', { password: true }), userState('nobody')] },
  { questions: [groupState('root'), groupState('none-such')] },
  { questions: [packageState('dash'), packageState('awk'), packageState('none-such')] },
  { questions: [aptLists()] },
  { questions: [aptCandidate('dash'), aptCandidate('none-such')] },
  { questions: [sysctlValue('net.ipv4.ip_forward'), sysctlValue('none.such')] },
  { questions: [hostnameState()] },
  { questions: [listening(22), listening(1)] },
  { questions: [reach('127.0.0.1', 1, 1)], answer: section('0\0') },
  { questions: [facts(factNames)] },
  { questions: [pendingNotes()], answer: section(`0123abcd ${JSON.stringify(note)}\n89ef ${JSON.stringify(note)}\n`) },
  { questions: [strayLock()], answer: section('stray') },
  { questions: [boot()] },
  { questions: [mark('/run/pitool/reboot-required'), mark('/x')], answer: section('@\nset\nthe kernel\n@\n') },
  { questions: [cgroup()] },
  { questions: [activeSwaps()], answer: section('Filename Type Size Used Priority\n/var/swap file 102396 0 -2\n') },
  { questions: [nmConnection({}), nmConnection({ name: 'x' })], answer: section(connections()) },
  { questions: [journal('ssh', 60), journal('cron', 60)], answer: section('one\ntwo\n\0three\n\0') },
  { questions: [k3sBinary('/bin/true'), k3sBinary('/nowhere', { digest: true })] },
  {
    questions: [k3sMember()],
    answer: section('agent\nyes\npi5.lan\naarch64\nexec ExecStart=k3s agent --node-name pi5\n\n'),
  },
  { questions: [clusterNodes()], answer: section(`1800000000\n${nodes()}\0${leases()}`) },
  { questions: [podsOf('pi5'), podsOf('pi3')], answer: section(`${pods()}\0{"items":[]}\0`) },
  {
    questions: [clusterObject(web), clusterObject({ ...web, name: 'x' })],
    answer: section(`${object}\x000\0\0\x000\0\0`),
  },
  {
    questions: [appliedObject({ ref: web, definition: {}, manifest: '{}', digest: '' })],
    answer: section(`\x001\0The Deployment "web" is invalid: spec\0`),
  },
  { questions: [familyOf('media')], answer: section(`${pods()}\x000\0\0`) },
  { questions: [serverToken()], answer: section(`k3s version v1.30.4+k3s1 (x)\nK10${'a'.repeat(64)}::server:pass\n`) },
]

function connections(): string {
  return `@ found eth0\n${profileProperties.map(() => 'v\n').join('')}=\n1.1.1.1 | 9.9.9.9\n\n@ not-found \nu-u:eth0:a\\:b\n`
}

function nodes(): string {
  const conditions = [{ type: 'Ready', status: 'True', message: 'posting', lastHeartbeatTime: '2026-01-01T00:00:00Z' }]
  const metadata = { name: 'pi5', labels: { hardware: 'pi5' } }
  const status = { conditions, nodeInfo: { kubeletVersion: 'v1.30.4+k3s1' }, addresses: [{ address: '192.0.2.1' }] }
  return JSON.stringify({ items: [{ metadata, spec: {}, status }] })
}

function leases(): string {
  return JSON.stringify({ items: [{ metadata: { name: 'pi5' }, spec: { renewTime: '2026-01-01T00:00:01.5Z' } }] })
}

function pods(): string {
  const metadata = { name: 'web', namespace: 'default', ownerReferences: [{ kind: 'ReplicaSet', controller: true }] }
  return JSON.stringify({ items: [{ metadata, spec: { volumes: [{ emptyDir: {} }] }, status: { phase: 'Running' } }] })
}
