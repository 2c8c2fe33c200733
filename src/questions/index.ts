import { group, user } from './account.ts'
import { aptCandidateKind, aptListsKind } from './apt.ts'
import { bootKind } from './boot.ts'
import { cgroupKind } from './cgroup.ts'
import { factsKind } from './facts.ts'
import { file } from './file.ts'
import { fileTreeKind } from './file-tree.ts'
import { hostname } from './hostname.ts'
import { k3sBinaryKind } from './k3s/binary.ts'
import { journalKind } from './k3s/journal.ts'
import { k3sMemberKind } from './k3s/member.ts'
import { clusterNodesKind } from './k3s/nodes.ts'
import { podsKind } from './k3s/pods.ts'
import { serverTokenKind } from './k3s/token.ts'
import { appliedObjectKind } from './k8s/applied.ts'
import { familyKind } from './k8s/family.ts'
import { clusterObjectKind } from './k8s/object.ts'
import type { QuestionKind } from './kind.ts'
import { listeningKind } from './listening.ts'
import { localFileKind, localTemplateKind, localTreeKind } from './local.ts'
import { localDigestKind } from './local-digest.ts'
import { localDownloadKind } from './local-download.ts'
import { lockStrayKind } from './lock-stray.ts'
import { markKind } from './mark.ts'
import { nmConnectionKind } from './nm-connection.ts'
import { packages } from './package.ts'
import { pendingKind } from './pending.ts'
import { reachKind } from './reach.ts'
import { run } from './run.ts'
import { activeSwapsKind } from './swap-active.ts'
import { sysctl } from './sysctl.ts'
import { unit } from './unit.ts'
import { unitStaleKind } from './unit-stale.ts'
import { whole } from './whole.ts'

const kinds: readonly QuestionKind[] = [
  file,
  fileTreeKind,
  unit,
  unitStaleKind,
  run,
  user,
  group,
  packages,
  aptListsKind,
  aptCandidateKind,
  sysctl,
  hostname,
  listeningKind,
  reachKind,
  factsKind,
  localFileKind,
  localTreeKind,
  localTemplateKind,
  pendingKind,
  lockStrayKind,
  bootKind,
  markKind,
  cgroupKind,
  activeSwapsKind,
  nmConnectionKind,
  journalKind,
  k3sBinaryKind,
  k3sMemberKind,
  clusterNodesKind,
  podsKind,
  serverTokenKind,
  clusterObjectKind,
  appliedObjectKind,
  familyKind,
  localDigestKind,
  localDownloadKind,
]

/** Every kind of thing that can be looked at. */
export const questionKinds: readonly QuestionKind[] = kinds.map(whole)
