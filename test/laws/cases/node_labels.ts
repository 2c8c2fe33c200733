import fc from 'fast-check'
import { cluster, groups, labels, member } from '../gen/answers.ts'
import type { Trial } from '../trial.ts'
import type { Cases } from './cases.ts'
import { servedNode } from './cluster.ts'

const node = 'n-labels'

export const nodeLabels: Cases = {
  module: 'node_labels',
  cluster: ({ server }) =>
    fc.tuple(labels, labels, fc.subarray(['hardware', 'memory-class', 'a', 'b/c'])).map(
      ([found, wish, absent]): Trial => ({
        found: ':',
        served: servedNode(node, { labels: found }),
        tasks: [{ name: 'one', node_labels: { node, labels: wish, absent }, register: 'r' }],
        groups: { server: [server] },
      }),
    ),
  answers: fc
    .record({
      wish: labels,
      absent: fc.subarray(['hardware', 'memory-class', 'a', 'b/c']),
      node: fc.option(fc.constantFrom('host', 'n1'), { nil: undefined }),
      member,
      cluster,
    })
    .map(({ wish, absent, node, member, cluster }) => ({
      args: { labels: wish, absent, ...(node === undefined ? {} : { node }) },
      answers: { 'k3s.member': member, 'k3s.nodes': cluster },
      groups,
    })),
}
