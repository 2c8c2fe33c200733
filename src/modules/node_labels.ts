import { labelNode } from '../changes/node-label.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import { changed, defineModule, type Plan, unchanged } from '../core/module.ts'
import type { ClusterNode } from '../questions/k3s/nodes.ts'
import { labelChanges, labelName, labelProblem, labelValue } from './k3s/labels.ts'
import { askNode } from './k3s/node-of.ts'
import { serverArg, serverMissing, serverOf } from './k3s/server-of.ts'

export const nodeLabels = defineModule({
  name: 'node_labels',
  summary:
    "Keep labels of a cluster's node, through the server, which may set those too that a node may not set of itself.",
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      node: { type: 'string', description: 'The Node; that of this host when absent.' },
      labels: {
        type: 'object',
        default: {},
        additionalProperties: {
          type: 'string',
          pattern: labelValue,
          expects: "at most 63 letters, digits, '-', '_' and '.', in quotes where it could be a number or true",
        },
        description: 'Name → value.',
      },
      absent: {
        type: 'array',
        items: { type: 'string', pattern: labelName, expects: 'the name of a label' },
        default: [],
        description: 'Labels not to be there.',
      },
      server: serverArg,
    },
  },
  returns: { node: 'the Node', labels: 'all its labels, as they are or will be' },
  targets: args => [{ facet: 'value', name: `node:${args.node ?? ''}:labels` }],
  *plan(args, ctx) {
    const server = serverOf(ctx, args.server)
    if (server === undefined) return failed(serverMissing)
    const wrong = Object.entries(args.labels)
      .map(([name, value]) => labelProblem(name, value))
      .find(why => why !== undefined)
    if (wrong !== undefined) return failed({ code: 'refused', message: wrong, hint: 'correct the label' })
    const node = yield* askNode(ctx, args.node, server)
    return 'code' in node ? failed(node) : decide(node, args, server)
  },
})

interface Wish {
  readonly labels: { readonly [name: string]: string }
  readonly absent: readonly string[]
}

function decide(node: ClusterNode, { labels, absent }: Wish, server: string): Plan {
  const { set, remove } = labelChanges(node.labels, labels, absent)
  const after = Object.entries({ ...node.labels, ...set }).filter(([name]) => !remove.includes(name))
  const result = { node: node.name, labels: Object.fromEntries(after) }
  if (Object.keys(set).length === 0 && remove.length === 0) return unchanged(result)
  return changed([labelNode({ on: server, node: node.name, set, remove, before: node.labels })], result)
}

function failed(diagnostic: Diagnostic): Plan {
  return { changes: [], result: {}, failed: diagnostic }
}
