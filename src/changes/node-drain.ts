import type { Change } from '../core/change.ts'
import { nodeValue } from '../core/node-values.ts'
import { mask } from '../core/secret.ts'
import { errText, type Section } from '../core/section.ts'
import { operand, quote } from '../core/sh.ts'
import type { ChangeKind } from './kind.ts'
import { explainNode } from './node/explain.ts'

/** Moves the pods of a cordoned node elsewhere, with respect for their disruption budgets. */
export interface NodeDrain extends Change {
  readonly kind: 'node.drain'
  readonly node: string
  /** Data that pods keep beside themselves (emptyDir) may go. */
  readonly deleteEmptydirData: boolean
  /** Pods that nothing makes anew may go. */
  readonly force: boolean
  /** Delete instead of evicting: disruption budgets count for nothing. */
  readonly disableEviction: boolean
  /** Seconds a pod has to end; its own when absent. */
  readonly gracePeriod?: number | undefined
  /** Seconds for all of them. */
  readonly within: number
}

export function drainNode(change: Omit<NodeDrain, 'kind'>): NodeDrain {
  return { kind: 'node.drain', ...change }
}

export const nodeDrainKind: ChangeKind<NodeDrain> = {
  kind: 'node.drain',
  // It waits for pods: for so long other tasks keep the shared shell.
  carry: change => ({
    script: `PATH=$PATH:/usr/local/bin\nk3s kubectl drain ${operand(change.node)} ${options(change).map(quote).join(' ')} >/dev/null`,
    own: true,
    timeout: change.within + 60,
  }),
  explain: (section, change) => explain(section, change),
  fold: (shadow, { node }) => void shadow.values.set(nodeValue.drained(node), true),
  diff: ({ node }) => ({ subject: `node ${node}`, summary: `drain node ${node}` }),
  footprint: () => ['k3s.nodes', 'k3s.pods'],
}

function options(change: NodeDrain): readonly string[] {
  return [
    '--ignore-daemonsets',
    ...(change.deleteEmptydirData ? ['--delete-emptydir-data'] : []),
    ...(change.force ? ['--force'] : []),
    ...(change.disableEviction ? ['--disable-eviction'] : []),
    ...(change.gracePeriod === undefined ? [] : [`--grace-period=${change.gracePeriod}`]),
    `--timeout=${change.within}s`,
  ]
}

function explain(section: Section, { node, within }: NodeDrain) {
  const cause = mask(errText(section).trim()).slice(-1000)
  const left = 'the node stays cordoned; a next run goes on'
  if (/timeout reached|timed out/.test(cause)) {
    const hint = `look for a disruption budget that holds them (k3s kubectl get pdb -A), or allow more wait_timeout; ${left}`
    return { code: 'drain-timeout', message: `pods of ${node} did not go within ${within} s`, hint, cause } as const
  }
  if (/cannot delete/.test(cause)) {
    const hint = `pods came meanwhile that would be lost: move them, or allow it (delete_options); ${left}`
    return { code: 'drain-refused', message: `${node} is not drained`, hint, cause } as const
  }
  return explainNode(node, section)
}
