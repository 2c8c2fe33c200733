import { groupState, userState } from '../../src/questions/account.ts'
import { aptCandidate, aptLists } from '../../src/questions/apt.ts'
import { boot } from '../../src/questions/boot.ts'
import { cgroup } from '../../src/questions/cgroup.ts'
import { facts } from '../../src/questions/facts.ts'
import { fileStat, fileText } from '../../src/questions/file.ts'
import { fileTree } from '../../src/questions/file-tree.ts'
import { hostnameState } from '../../src/questions/hostname.ts'
import { k3sBinary } from '../../src/questions/k3s/binary.ts'
import { journal } from '../../src/questions/k3s/journal.ts'
import { k3sMember } from '../../src/questions/k3s/member.ts'
import { clusterNodes } from '../../src/questions/k3s/nodes.ts'
import { podsOf } from '../../src/questions/k3s/pods.ts'
import { serverToken } from '../../src/questions/k3s/token.ts'
import { appliedObject } from '../../src/questions/k8s/applied.ts'
import { familyOf } from '../../src/questions/k8s/family.ts'
import { clusterObject } from '../../src/questions/k8s/object.ts'
import { listening } from '../../src/questions/listening.ts'
import { strayLock } from '../../src/questions/lock-stray.ts'
import { mark } from '../../src/questions/mark.ts'
import { nmConnection } from '../../src/questions/nm-connection.ts'
import { packageState } from '../../src/questions/package.ts'
import { pendingNotes } from '../../src/questions/pending.ts'
import { reach } from '../../src/questions/reach.ts'
import { runReadonly } from '../../src/questions/run.ts'
import { activeSwaps } from '../../src/questions/swap-active.ts'
import { sysctlValue } from '../../src/questions/sysctl.ts'
import { unitState } from '../../src/questions/unit.ts'
import { unitStale } from '../../src/questions/unit-stale.ts'
import type { QuestionEntries } from './entry.ts'

/** getent takes no name that begins with a hyphen: those are not asked for. */
const account = (text: string) => (text.startsWith('-') ? [] : [text])

/** Of every kind that is sent to a host; those of the control side have no script. */
export const questionEntries: QuestionEntries = {
  file: [
    { make: (text, path) => fileText(path, { owner: text, group: text }), told: account },
    { make: (_, path) => fileStat(`${path}/below`, { follow: false }) },
  ],
  'file.tree': [{ make: (_, path) => fileTree(path) }],
  unit: [
    { make: unitState, told: text => [`${text}.service`] },
    { make: text => unitState(`${text}@.service`), told: text => [`${text}@.service`] },
  ],
  'unit.stale': [{ make: unitStale, told: text => [`${text}.service`] }],
  run: [
    { make: text => runReadonly({ argv: ['probe', text], stdin: text }), told: text => [text] },
    { make: text => runReadonly({ argv: [text] }) },
    { make: text => runReadonly({ text: 'probe "$X"', environment: { X: text } }), told: text => [text] },
    { make: text => runReadonly({ text: ':', executable: text, chdir: text }) },
    { make: (text, path) => runReadonly({ text: 'probe', executable: text, chdir: path }) },
  ],
  user: [{ make: text => userState(text, { password: true }), told: account }],
  group: [{ make: groupState, told: account }],
  package: [
    // What stands after a colon is an architecture, which is compared here.
    { make: packageState, told: text => [text.replace(/:.*$/, '')] },
  ],
  'apt.lists': [{ make: aptLists, bare: true }],
  'apt.candidate': [{ make: aptCandidate, told: text => [text] }],
  sysctl: [{ make: sysctlValue, refuses: text => text.split('/').includes('..') }],
  hostname: [{ make: hostnameState, bare: true }],
  listening: [{ make: () => listening(1), bare: true }],
  reach: [{ make: text => reach(text, 1, 1), told: text => [text] }],
  facts: [{ make: text => facts([text, 'hostname']), bare: true }],
  pending: [{ make: pendingNotes, bare: true }],
  'lock.stray': [{ make: strayLock, bare: true }],
  'host.boot': [{ make: boot, bare: true }],
  mark: [{ make: (_, path) => mark(path) }],
  'host.cgroup': [{ make: cgroup, bare: true }],
  'swap.active': [{ make: activeSwaps, bare: true }],
  'nm.connection': [
    { make: text => nmConnection({ name: text }), told: text => [text] },
    { make: text => nmConnection({ device: text }) },
  ],
  journal: [{ make: text => journal(text, 60), told: text => [text] }],
  'k3s.binary': [{ make: (_, path) => k3sBinary(path, { digest: true }) }],
  'k3s.member': [{ make: k3sMember, bare: true }],
  'k3s.nodes': [{ make: clusterNodes, bare: true }],
  'k3s.pods': [{ make: podsOf, told: text => [`spec.nodeName=${text}`] }],
  'k3s.token': [{ make: serverToken, bare: true }],
  'k8s.object': [
    {
      make: text => clusterObject({ apiVersion: 'v1', kind: text, name: text, namespace: text }),
      told: text => [text, `--namespace=${text}`],
    },
  ],
  'k8s.applied': [
    {
      make: text =>
        appliedObject({
          ref: { apiVersion: text, kind: text, name: text, namespace: text },
          definition: {},
          manifest: text,
          digest: '',
        }),
      told: text => [`--namespace=${text}`],
      heard: text => text,
    },
  ],
  'k8s.family': [{ make: familyOf, told: text => [`--namespace=${text}`] }],
}
