import type { Diagnostic } from '../../core/diagnostic.ts'
import { type NodePod, staysInDrain } from '../../questions/k3s/pods.ts'

export interface DrainOptions {
  readonly ignore_daemonsets: boolean
  readonly delete_emptydir_data: boolean
  readonly force: boolean
}

/** Pods that a drain moves elsewhere. */
export function leavingPods(pods: readonly NodePod[]): readonly NodePod[] {
  return pods.filter(pod => !staysInDrain(pod))
}

interface Loss {
  readonly option: keyof DrainOptions
  /** As kubectl says it. */
  readonly said: string
  lost(pod: NodePod): boolean
}

const losses: readonly Loss[] = [
  {
    option: 'ignore_daemonsets',
    said: 'cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)',
    lost: pod => !pod.mirror && staysInDrain(pod),
  },
  {
    option: 'delete_emptydir_data',
    said: 'cannot delete Pods with local storage (use --delete-emptydir-data to override)',
    lost: pod => !staysInDrain(pod) && pod.scratch && !pod.finished,
  },
  {
    option: 'force',
    said: 'cannot delete Pods that declare no controller (use --force to override)',
    lost: pod => !staysInDrain(pod) && pod.controller === '' && !pod.finished,
  },
]

/** Why the pods of a node are not moved, in kubectl's words; undefined where nothing of them would be lost. */
export function drainRefusal(node: string, pods: readonly NodePod[], options: DrainOptions): Diagnostic | undefined {
  const found = losses
    .filter(({ option }) => !options[option])
    .map(({ option, said, lost }) => ({ option, said, names: pods.filter(lost).map(pod => pod.name) }))
    .filter(({ names }) => names.length > 0)
  if (found.length === 0) return undefined
  const allowing = found.map(({ option }) => `${option}: true`).join(', ')
  return {
    code: 'drain-refused',
    message: `${node} is not drained: what its pods hold would be lost`,
    hint: `move these pods first, or allow it: delete_options: { ${allowing} }`,
    cause: found.map(({ said, names }) => `${said}: ${names.join(', ')}`).join('; '),
  }
}
