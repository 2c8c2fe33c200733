import type { Diagnostic } from '../../core/diagnostic.ts'
import { didYouMean } from '../../core/did-you-mean.ts'
import type { Ctx } from '../../core/module.ts'
import { type Asking, ask, on } from '../../core/question.ts'
import { k3sMember } from '../../questions/k3s/member.ts'
import { type ClusterNode, clusterNodes } from '../../questions/k3s/nodes.ts'
import { findNode } from './find-node.ts'

/** The node that is meant, or that of this host, as the server sees it; else why there is none. */
export function* askNode(ctx: Ctx, named: string | undefined, server: string): Asking<ClusterNode | Diagnostic> {
  const { node, hostname } = yield* nameOf(ctx, named)
  const { nodes } = yield* ask(on(server, clusterNodes()))
  return findNode(nodes, node, hostname) ?? notFound(node, nodes)
}

/** The host is asked even where the node is named, if it may be its own: an agent that is only planned has no Node yet. */
function* nameOf(ctx: Ctx, named: string | undefined): Asking<{ node: string; hostname?: string }> {
  if (named !== undefined && named !== ctx.host) return { node: named }
  const member = yield* ask(k3sMember())
  return named === undefined ? { node: member.node, hostname: member.hostname } : { node: named }
}

function notFound(node: string, nodes: readonly ClusterNode[]): Diagnostic {
  const names = nodes.map(one => one.name)
  const meant = didYouMean(node, names)
  return {
    code: 'node-not-found',
    message: `the cluster has no node ${node}; it has ${names.join(', ') || 'none'}`,
    hint: meant === undefined ? 'join it first (module k3s_agent)' : `did you mean ${meant}?`,
  }
}
