import fc from 'fast-check'
import { boot, cluster, groups, marked, member } from '../gen/answers.ts'
import type { Cases } from './cases.ts'

export const reboot: Cases = {
  module: 'reboot',
  // A host that boots anew is a scenario of its own: test/scenarios/node.test.ts.
  answers: fc
    .record({
      // Asked for without a note, it is wanted each time: that comes to no rest.
      args: fc.record({ allow_server: fc.boolean() }),
      'k3s.member': member,
      'k3s.nodes': cluster,
      mark: marked,
    })
    .map(({ args, ...answers }) => ({ args, answers: { ...answers, 'host.boot': boot }, groups })),
}
