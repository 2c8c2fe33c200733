import type { ClusterNode } from '../../questions/k3s/nodes.ts'

/** A node by its name; k3s made some of the whole hostname, some of its first part. */
export function findNode(nodes: readonly ClusterNode[], name: string, hostname?: string): ClusterNode | undefined {
  const whole = hostname?.toLowerCase()
  return nodes.find(node => node.name === name) ?? nodes.find(node => node.name === whole)
}
