import type { Change } from '../core/change.ts'
import { nodeValue } from '../core/node-values.ts'
import { operand } from '../core/sh.ts'
import type { ChangeKind } from './kind.ts'
import { explainNode } from './node/explain.ts'

/** Taints of a node, set on the server. */
export interface NodeTaint extends Change {
  readonly kind: 'node.taint'
  readonly node: string
  /** `key=value:Effect` */
  readonly set: readonly string[]
  /** `key:Effect` */
  readonly remove: readonly string[]
  /** All of the node's but the cluster's own, as the plan saw them and as they will be. */
  readonly before: readonly string[]
  readonly after: readonly string[]
}

export function taintNode(change: Omit<NodeTaint, 'kind'>): NodeTaint {
  return { kind: 'node.taint', ...change }
}

export const nodeTaintKind: ChangeKind<NodeTaint> = {
  kind: 'node.taint',
  carry: ({ node, set, remove }) => {
    const words = ['node', node, ...set, ...remove.map(one => `${one}-`)].map(operand).join(' ')
    return {
      script: `PATH=$PATH:/usr/local/bin\nk3s kubectl taint ${words} --overwrite --request-timeout=30s >/dev/null`,
      timeout: 60,
    }
  },
  explain: (section, { node }) => explainNode(node, section),
  fold: (shadow, { node, after }) => void shadow.values.set(nodeValue.taints(node), after),
  diff: ({ node, before, after }) => ({
    subject: `node ${node}`,
    summary: `taint node ${node}`,
    facets: [{ name: 'taints', before: before.join(' '), after: after.join(' ') }],
  }),
  footprint: () => ['k3s.nodes'],
}
