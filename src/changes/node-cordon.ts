import type { Change } from '../core/change.ts'
import { cordonedByNote, nodeValue, type PlannedCordon } from '../core/node-values.ts'
import { operand, quote } from '../core/sh.ts'
import type { ChangeKind } from './kind.ts'
import { explainNode } from './node/explain.ts'

/** Takes a node out of service, or back into it, with a note on it of who did: both in one request to the server. */
export interface NodeCordon extends Change {
  readonly kind: 'node.cordon'
  readonly node: string
  readonly cordoned: boolean
  /** Whose the note is; undefined: it is taken away. */
  readonly by: string | undefined
  /** As the plan saw the node. */
  readonly before: { readonly cordoned: boolean; readonly by: string | undefined }
}

export function cordonNode(change: Omit<NodeCordon, 'kind'>): NodeCordon {
  return { kind: 'node.cordon', ...change }
}

const seenOtherwise = 91

export const nodeCordonKind: ChangeKind<NodeCordon> = {
  kind: 'node.cordon',
  carry: change => ({ script: script(change), timeout: 90 }),
  explain: (section, { node, before }) => {
    if (section.code !== seenOtherwise) return explainNode(node, section)
    return {
      code: 'changed-underneath',
      message: `somebody else ${before.cordoned ? 'uncordoned' : 'cordoned'} ${node} meanwhile`,
      hint: 'run it again: the next look decides',
    }
  },
  fold: (shadow, { node, cordoned, by }) => {
    shadow.values.set(nodeValue.cordon(node), { cordoned, by } satisfies PlannedCordon)
  },
  diff: ({ node, cordoned, by, before }) => ({
    subject: `node ${node}`,
    summary: `${cordoned ? 'cordon' : 'uncordon'} node ${node}`,
    facets: [
      { name: 'cordoned', before: String(before.cordoned), after: String(cordoned) },
      { name: cordonedByNote, before: before.by ?? '', after: by ?? '' },
    ].filter(facet => facet.before !== facet.after),
  }),
  footprint: () => ['k3s.nodes'],
}

function script({ node, cordoned, by, before }: NodeCordon): string {
  const patch = {
    metadata: { annotations: { [cordonedByNote]: by ?? null } },
    spec: { unschedulable: cordoned ? true : null },
  }
  return `PATH=$PATH:/usr/local/bin
now=$(k3s kubectl get node ${operand(node)} -o 'jsonpath={.spec.unschedulable}' --request-timeout=30s)
[ "\${now:-false}" = ${before.cordoned} ] || exit ${seenOtherwise}
k3s kubectl patch node ${operand(node)} --type=merge -p ${quote(JSON.stringify(patch))} --request-timeout=30s >/dev/null`
}
