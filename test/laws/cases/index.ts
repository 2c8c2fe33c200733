import { authorizedKey, group, user } from './accounts.ts'
import type { Cases } from './cases.ts'
import { command, shell } from './commands.ts'
import { blockinfile, copy, file, lineinfile, replace, stat, template } from './files.ts'
import { assert, debug, fail, pause, setFact, slurp, waitFor } from './flow.ts'
import { getUrl } from './get_url.ts'
import { cgroupInfo, k3sAgent, k3sNodeInfo, k3sToken } from './k3s.ts'
import { k8s, k8sScale } from './k8s.ts'
import { kernelCmdline } from './kernel_cmdline.ts'
import { nmcli } from './nmcli.ts'
import { nodeDrain } from './node_drain.ts'
import { nodeLabels } from './node_labels.ts'
import { nodeTaints } from './node_taints.ts'
import { reboot } from './reboot.ts'
import { rebootInfo } from './reboot_info.ts'
import { sharedAddress } from './shared_address.ts'
import { swap } from './swap.ts'
import { apt, hostname, service, sysctl, systemd, systemdService } from './system.ts'

/** Every module's; a test fails where one is missing. */
export const cases: readonly Cases[] = [
  apt,
  assert,
  authorizedKey,
  blockinfile,
  cgroupInfo,
  command,
  copy,
  debug,
  fail,
  file,
  getUrl,
  group,
  hostname,
  k3sAgent,
  k3sNodeInfo,
  k3sToken,
  k8s,
  k8sScale,
  kernelCmdline,
  lineinfile,
  nmcli,
  nodeDrain,
  nodeLabels,
  nodeTaints,
  pause,
  reboot,
  rebootInfo,
  replace,
  service,
  setFact,
  sharedAddress,
  shell,
  slurp,
  stat,
  swap,
  sysctl,
  systemd,
  systemdService,
  template,
  user,
  waitFor,
]
