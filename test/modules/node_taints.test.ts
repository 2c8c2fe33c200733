import { describe, expect, it } from 'vitest'
import { modules } from '../../src/modules/index.ts'
import { taintChanges } from '../../src/modules/k3s/taints.ts'
import { nodeTaints } from '../../src/modules/node_taints.ts'
import { coerceArgs } from '../../src/playbook/index.ts'
import { k3sMember } from '../../src/questions/k3s/member.ts'
import { clusterNodes } from '../../src/questions/k3s/nodes.ts'
import { aMember, aNode } from './found.ts'
import { ctx, planWith, says, saysOn } from './plan-with.ts'

const nodes = [aNode('srv'), aNode('w1', { taints: ['dedicated=pi3:NoSchedule', 'slow:PreferNoSchedule'] })]
const plan = (args: object) =>
  planWith(nodeTaints, args, [says(k3sMember(), aMember()), saysOn('srv', clusterNodes(), { clock: 1000, nodes })])

describe('what is set and taken', () => {
  const have = ['a=1:NoSchedule', 'a=1:NoExecute', 'b:NoSchedule']
  it.each([
    ['nothing', [], [], [], []],
    ['what is there', ['a=1:NoSchedule', 'b=:NoSchedule'], ['c'], [], []],
    ['another value', ['a=2:NoSchedule'], [], ['a=2:NoSchedule'], []],
    ['another effect beside it', ['b:NoExecute'], [], ['b:NoExecute'], []],
    ['all effects of a key', [], ['a'], [], ['a:NoSchedule', 'a:NoExecute']],
    ['one of them', [], ['a:NoExecute'], [], ['a:NoExecute']],
    ['all but the wanted one', ['a=1:NoSchedule'], ['a'], [], ['a:NoExecute']],
  ])('%s', (_, want, absent, set, remove) => {
    const changes = taintChanges(have, want, absent)
    expect(changes).toMatchObject({ set, remove })
    expect(taintChanges(changes.after, want, absent)).toEqual({ set: [], remove: [], after: changes.after })
  })
})

describe('node_taints', () => {
  it('changes nothing where all is there', () => {
    expect(plan({ taints: ['dedicated=pi3:NoSchedule'], absent: ['gone'] })).toMatchObject({
      changes: [],
      result: { node: 'w1', changed: false },
    })
  })
  it('sets through the server only what differs', () => {
    const { changes, result } = plan({ taints: ['dedicated=pi5:NoSchedule'], absent: ['slow'] })
    expect(changes).toMatchObject([
      {
        kind: 'node.taint',
        on: 'srv',
        node: 'w1',
        set: ['dedicated=pi5:NoSchedule'],
        remove: ['slow:PreferNoSchedule'],
      },
    ])
    expect(result.taints).toEqual(['dedicated=pi5:NoSchedule'])
  })
  it("leaves the cluster's own alone", () => {
    expect(plan({ absent: ['node.kubernetes.io/unschedulable'] }).failed?.code).toBe('refused')
  })
  it('needs a server', () => {
    expect(planWith(nodeTaints, {}, [], { ...ctx, groups: {} }).failed?.code).toBe('k3s-no-server')
  })
  it.each([
    ['a:NoSchedule', true],
    ['example.org/a=b:NoExecute', true],
    ['a=:PreferNoSchedule', true],
    ['a', false],
    ['a:noschedule', false],
    ['a=b c:NoSchedule', false],
    ['-a:NoSchedule', false],
  ])('%s is a taint: %s', (taint, good) => {
    const spec = modules.find(module => module.name === 'node_taints')!
    expect('args' in coerceArgs(spec, { taints: [taint] })).toBe(good)
  })
})
