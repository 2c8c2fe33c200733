import { commandRun } from './command-run.ts'
import { dirMake } from './dir-make.ts'
import { fileAttrs } from './file-attrs.ts'
import { fileDownloadKind } from './file-download.ts'
import { fileRemove } from './file-remove.ts'
import { fileSendKind } from './file-send.ts'
import { fileUploadKind } from './file-upload.ts'
import { fileWrite } from './file-write.ts'
import { groupSet } from './group-set.ts'
import { hostnameSet } from './hostname-set.ts'
import { k3sInstallKind } from './k3s-install.ts'
import { k8sApplyKind } from './k8s-apply.ts'
import { k8sDeleteKind } from './k8s-delete.ts'
import { k8sScaleKind } from './k8s-scale.ts'
import type { ChangeKind } from './kind.ts'
import { linkMake } from './link-make.ts'
import { lockReleaseKind } from './lock-release.ts'
import { lockTakeKind } from './lock-take.ts'
import { markClearKind } from './mark-clear.ts'
import { markSetKind } from './mark-set.ts'
import { nmSetKind } from './nm-set.ts'
import { nodeCordonKind } from './node-cordon.ts'
import { nodeDrainKind } from './node-drain.ts'
import { nodeLabelKind } from './node-label.ts'
import { nodeTaintKind } from './node-taint.ts'
import { packageSet } from './package-set.ts'
import { pendingClearKind } from './pending-clear.ts'
import { pendingMarkKind } from './pending-mark.ts'
import { rebootKind } from './reboot.ts'
import { swapOffKind } from './swap-off.ts'
import { sysctlSet } from './sysctl-set.ts'
import { tokenCreateKind } from './token-create.ts'
import { unitSet } from './unit-set.ts'
import { userSet } from './user-set.ts'

/** Every kind of thing that can be done. */
export const changeKinds: readonly ChangeKind[] = [
  commandRun,
  dirMake,
  fileAttrs,
  fileRemove,
  fileWrite,
  linkMake,
  unitSet,
  packageSet,
  userSet,
  groupSet,
  hostnameSet,
  sysctlSet,
  fileDownloadKind,
  fileSendKind,
  fileUploadKind,
  k3sInstallKind,
  k8sApplyKind,
  k8sDeleteKind,
  k8sScaleKind,
  markClearKind,
  markSetKind,
  nmSetKind,
  nodeCordonKind,
  nodeDrainKind,
  nodeLabelKind,
  nodeTaintKind,
  lockTakeKind,
  lockReleaseKind,
  pendingMarkKind,
  pendingClearKind,
  rebootKind,
  swapOffKind,
  tokenCreateKind,
]
