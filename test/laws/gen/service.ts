import fc, { type Arbitrary } from 'fast-check'
import type { NodePod } from '../../../src/questions/k3s/pods.ts'
import { cluster } from './answers.ts'

/** Nodes that may be out of service, noted by us or by others, and tainted. */
export const servedCluster = fc
  .tuple(
    cluster,
    fc.array(fc.constantFrom(undefined, 'pitool', 'reboot_if_needed'), { minLength: 3, maxLength: 3 }),
    fc.array(fc.subarray(['dedicated=pi3:NoSchedule', 'dedicated:NoExecute', 'slow:PreferNoSchedule']), {
      minLength: 3,
      maxLength: 3,
    }),
  )
  .map(([{ clock, nodes }, notes, taints]) => ({
    clock,
    nodes: nodes.map((node, i) => ({
      ...node,
      ...(notes[i] === undefined ? {} : { cordonedBy: notes[i] }),
      ...(taints[i]!.length === 0 ? {} : { taints: taints[i] }),
    })),
  }))

export const pod: Arbitrary<NodePod> = fc.record({
  name: fc.constantFrom('default/web-1', 'kube-system/svclb-x', 'default/job-7', 'media/bare'),
  controller: fc.constantFrom('ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', ''),
  mirror: fc.boolean(),
  finished: fc.boolean(),
  scratch: fc.boolean(),
})
