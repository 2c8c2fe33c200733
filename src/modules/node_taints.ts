import { taintNode } from '../changes/node-taint.ts'
import { changed, defineModule, type Plan, unchanged } from '../core/module.ts'
import type { ClusterNode } from '../questions/k3s/nodes.ts'
import { failed } from './failed.ts'
import { askNode } from './k3s/node-of.ts'
import { serverArg, serverMissing, serverOf } from './k3s/server-of.ts'
import { absentPattern, taintChanges, taintPattern, taintProblem } from './k3s/taints.ts'

export const nodeTaints = defineModule({
  name: 'node_taints',
  summary: "Keep taints of a cluster's node, through the server. Those that the cluster sets by itself stay out of it.",
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      node: { type: 'string', description: 'The Node; that of this host when absent.' },
      taints: {
        type: 'array',
        items: { type: 'string', pattern: taintPattern, expects: 'key=value:NoSchedule, as kubectl has it' },
        default: [],
        description:
          'Taints to be there: `key=value:Effect` or `key:Effect`; effects are NoSchedule, PreferNoSchedule, NoExecute.',
      },
      absent: {
        type: 'array',
        items: { type: 'string', pattern: absentPattern, expects: 'key, or key:NoSchedule' },
        default: [],
        description: 'Taints not to be there: `key` for all its effects, or `key:Effect`.',
      },
      server: serverArg,
    },
  },
  returns: { node: 'the Node', taints: 'all its taints, as they are or will be, but those of the cluster itself' },
  targets: args => [{ facet: 'value', name: `node:${args.node ?? ''}:taints` }],
  *plan(args, ctx) {
    const server = serverOf(ctx, args.server)
    if (server === undefined) return { changes: [], result: {}, failed: serverMissing }
    const wrong = [...args.taints, ...args.absent].map(taintProblem).find(why => why !== undefined)
    if (wrong !== undefined) return failed('refused', wrong, 'take that taint out')
    const node = yield* askNode(ctx, args.node, server)
    if ('code' in node) return { changes: [], result: {}, failed: node }
    return decide(node, args, server)
  },
})

interface Wish {
  readonly taints: readonly string[]
  readonly absent: readonly string[]
}

function decide(node: ClusterNode, { taints, absent }: Wish, server: string): Plan {
  const before = (node.taints ?? []).toSorted()
  const { set, remove, after } = taintChanges(before, taints, absent)
  const result = { node: node.name, taints: after }
  if (set.length === 0 && remove.length === 0) return unchanged(result)
  return changed([taintNode({ on: server, node: node.name, set, remove, before, after })], result)
}
