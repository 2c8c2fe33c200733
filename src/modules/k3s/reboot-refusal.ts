import type { Diagnostic } from '../../core/diagnostic.ts'
import type { MemberAnswer } from '../../questions/k3s/member.ts'
import type { ClusterNode } from '../../questions/k3s/nodes.ts'

/** Why a host in a cluster is not rebooted; undefined where nothing speaks against it. */
export function rebootRefusal(
  member: MemberAnswer,
  nodes: readonly ClusterNode[],
  allowServer: boolean,
): Diagnostic | undefined {
  const node = nodes.find(one => one.name === member.node)
  if (node === undefined || !node.ready) return undefined
  if (member.role === 'server') {
    if (allowServer) return undefined
    return {
      code: 'reboot-refused',
      message: `${node.name} is the k3s server and Ready: the whole cluster would be without it`,
      hint: 'set allow_server: true (for the role: reboot_allow_server) when that is all right',
    }
  }
  if (node.cordoned) return undefined
  return {
    code: 'reboot-refused',
    message: `${node.name} is a Ready node of the cluster and not cordoned: its pods would be cut off`,
    hint: 'drain it first (node_drain); the role reboot_if_needed does, and uncordons it again, where hosts go one at a time: serial: 1, or --limit to this host',
  }
}
