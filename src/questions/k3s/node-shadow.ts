import { nodeValue, type PlannedCordon } from '../../core/node-values.ts'
import type { Shadow } from '../../core/shadow.ts'
import { Unknown } from '../../core/unknown.ts'
import type { ClusterNode } from './read-nodes.ts'

/** A node as it would be after the planned cordons and taints. */
export function nodeUnderShadow(shadow: Shadow, node: ClusterNode): ClusterNode | Unknown {
  const cordon = shadow.values.get(nodeValue.cordon(node.name)) as PlannedCordon | Unknown | undefined
  const taints = shadow.values.get(nodeValue.taints(node.name)) as readonly string[] | Unknown | undefined
  if (cordon instanceof Unknown) return cordon
  if (taints instanceof Unknown) return taints
  return {
    ...node,
    ...(cordon === undefined ? {} : { cordoned: cordon.cordoned, cordonedBy: cordon.by }),
    ...(taints === undefined ? {} : { taints }),
  }
}
