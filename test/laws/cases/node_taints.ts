import fc from 'fast-check'
import { groups, member } from '../gen/answers.ts'
import { servedCluster } from '../gen/service.ts'
import type { Trial } from '../trial.ts'
import type { Cases } from './cases.ts'
import { servedNode } from './cluster.ts'

const node = 'n-taints'
const wish = fc.record(
  {
    taints: fc.subarray([
      'dedicated=pi3:NoSchedule',
      'dedicated=pi5:NoSchedule',
      'dedicated=:NoExecute',
      'a/b:NoExecute',
    ]),
    absent: fc.subarray(['dedicated', 'dedicated:NoExecute', 'slow', 'gone:NoSchedule']),
  },
  { requiredKeys: [] },
)

export const nodeTaints: Cases = {
  module: 'node_taints',
  cluster: ({ server }) =>
    fc.tuple(fc.subarray(['dedicated=pi3:NoSchedule', 'dedicated:NoExecute', 'slow:PreferNoSchedule']), wish).map(
      ([taints, wish]): Trial => ({
        found: ':',
        served: servedNode(node, { taints }),
        tasks: [{ name: 'one', node_taints: { node, ...wish }, register: 'r' }],
        groups: { server: [server] },
      }),
    ),
  answers: fc
    .record({
      args: fc
        .tuple(wish, fc.option(fc.constantFrom('host', 'n1'), { nil: undefined }))
        .map(([wish, node]) => ({ ...wish, ...(node === undefined ? {} : { node }) })),
      'k3s.member': member,
      'k3s.nodes': servedCluster,
    })
    .map(({ args, ...answers }) => ({ args, answers, groups })),
}
