import type { Module } from '../core/module.ts'
import { apt } from './apt.ts'
import { assert } from './assert.ts'
import { authorizedKey } from './authorized_key.ts'
import { blockinfile } from './blockinfile.ts'
import { cgroupInfo } from './cgroup_info.ts'
import { command } from './command.ts'
import { copy } from './copy.ts'
import { debug } from './debug.ts'
import { fail } from './fail.ts'
import { file } from './file.ts'
import { getUrl } from './get_url.ts'
import { group } from './group.ts'
import { hostname } from './hostname.ts'
import { k3sAgent } from './k3s_agent.ts'
import { k3sNodeInfo } from './k3s_node_info.ts'
import { k3sToken } from './k3s_token.ts'
import { k8s } from './k8s.ts'
import { k8sScale } from './k8s_scale.ts'
import { kernelCmdline } from './kernel_cmdline.ts'
import { lineinfile } from './lineinfile.ts'
import { nmcli } from './nmcli.ts'
import { nodeDrain } from './node_drain.ts'
import { nodeLabels } from './node_labels.ts'
import { nodeTaints } from './node_taints.ts'
import { pause } from './pause.ts'
import { reboot } from './reboot.ts'
import { rebootInfo } from './reboot_info.ts'
import { replace } from './replace.ts'
import { service } from './service.ts'
import { setFact } from './set_fact.ts'
import { sharedAddress } from './shared_address.ts'
import { shell } from './shell.ts'
import { slurp } from './slurp.ts'
import { stat } from './stat.ts'
import { swap } from './swap.ts'
import { sysctl } from './sysctl.ts'
import { systemd } from './systemd.ts'
import { systemdService } from './systemd_service.ts'
import { template } from './template.ts'
import { user } from './user.ts'
import { waitFor } from './wait_for.ts'

/** Every wish that a task can have, by its YAML name. */
export const modules: readonly Module[] = [
  apt,
  assert,
  authorizedKey,
  blockinfile,
  command,
  copy,
  debug,
  fail,
  file,
  getUrl,
  group,
  hostname,
  lineinfile,
  pause,
  replace,
  service,
  setFact,
  sharedAddress,
  shell,
  slurp,
  stat,
  sysctl,
  systemd,
  systemdService,
  template,
  user,
  waitFor,
  cgroupInfo,
  k3sAgent,
  k3sNodeInfo,
  k3sToken,
  k8s,
  k8sScale,
  kernelCmdline,
  nmcli,
  nodeDrain,
  nodeLabels,
  nodeTaints,
  reboot,
  rebootInfo,
  swap,
]
