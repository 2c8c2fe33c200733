import type { Change } from '../core/change.ts'
import { mask } from '../core/secret.ts'
import { errText } from '../core/section.ts'
import { operand } from '../core/sh.ts'
import type { ChangeKind } from './kind.ts'
import { withoutK3s } from './node/explain.ts'

/** Labels of a node, set on the server, which alone may set all of them. */
export interface NodeLabel extends Change {
  readonly kind: 'node.label'
  readonly node: string
  readonly set: { readonly [name: string]: string }
  readonly remove: readonly string[]
  /** The node's labels as the plan saw them. */
  readonly before: { readonly [name: string]: string }
}

export function labelNode(change: Omit<NodeLabel, 'kind'>): NodeLabel {
  return { kind: 'node.label', ...change }
}

export const nodeLabelKind: ChangeKind<NodeLabel> = {
  kind: 'node.label',
  carry: ({ node, set, remove }) => {
    const terms = [...Object.entries(set).map(([name, value]) => `${name}=${value}`), ...remove.map(name => `${name}-`)]
    const words = ['node', node, ...terms].map(operand).join(' ')
    return {
      script: `PATH=$PATH:/usr/local/bin\nk3s kubectl label ${words} --overwrite --request-timeout=30s >/dev/null`,
      timeout: 60,
    }
  },
  explain: (section, { node }) => {
    const missing = withoutK3s(section)
    if (missing) return missing
    const said = mask(errText(section).trim()).slice(0, 1000)
    const gone = /NotFound|not found/.test(said)
    return {
      code: gone ? 'node-not-found' : 'change-failed',
      message: gone ? `the cluster has no node ${node} any more` : `the server refuses the labels of ${node}`,
      hint: gone ? 'join it first' : 'check names and values of the labels',
      cause: said,
    }
  },
  fold: (shadow, { node, set, remove }) => {
    const name = `node:${node}:labels`
    const gone = Object.fromEntries(remove.map(label => [label, null]))
    const earlier = shadow.values.get(name) as { readonly [label: string]: string | null } | undefined
    shadow.values.set(name, { ...earlier, ...set, ...gone })
  },
  diff: ({ node, set, remove, before }) => ({
    subject: `node ${node}`,
    summary: `label node ${node}`,
    facets: [
      ...Object.entries(set).map(([name, after]) => ({ name, before: before[name] ?? '', after })),
      ...remove.map(name => ({ name, before: before[name] ?? '', after: '' })),
    ],
  }),
  footprint: () => ['k3s.nodes'],
}
