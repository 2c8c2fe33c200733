import fc from 'fast-check'
import { groups, member } from '../gen/answers.ts'
import { pod, servedCluster } from '../gen/service.ts'
import type { Trial } from '../trial.ts'
import type { Cases } from './cases.ts'
import { servedNode, servedPods } from './cluster.ts'

const options = fc.record(
  {
    ignore_daemonsets: fc.boolean(),
    delete_emptydir_data: fc.boolean(),
    force: fc.boolean(),
    terminate_grace_period: fc.constantFrom(0, 30),
  },
  { requiredKeys: [] },
)

const node = 'n-drain'
const wish = {
  state: fc.constantFrom('drain', 'drain', 'cordon', 'uncordon'),
  by: fc.constantFrom('pitool', 'reboot_if_needed'),
  delete_options: options,
}

export const nodeDrain: Cases = {
  module: 'node_drain',
  cluster: ({ server }) =>
    fc
      .record({
        args: fc.record(wish, { requiredKeys: [] }),
        cordoned: fc.boolean(),
        by: fc.constantFrom(undefined, 'pitool', 'reboot_if_needed'),
        pods: fc.uniqueArray(pod, { maxLength: 3, selector: one => one.name }),
      })
      .map(
        ({ args, cordoned, by, pods }): Trial => ({
          found: ':',
          served: [servedNode(node, { cordoned, by: cordoned ? by : undefined }), servedPods(node, pods)].join('\n'),
          tasks: [{ name: 'one', node_drain: { name: node, ...args }, register: 'r' }],
          groups: { server: [server] },
        }),
      ),
  answers: fc
    .record({
      args: fc.record({ name: fc.constantFrom('host', 'n1'), ...wish }, { requiredKeys: [] }),
      'k3s.member': member,
      'k3s.nodes': servedCluster,
      'k3s.pods': fc.uniqueArray(pod, { maxLength: 3, selector: one => one.name }),
    })
    .map(({ args, ...answers }) => ({ args, answers, groups })),
}
