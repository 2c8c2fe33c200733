import { describe, expect, it } from 'vitest'
import { nodeLabels } from '../../src/modules/node_labels.ts'
import { k3sMember } from '../../src/questions/k3s/member.ts'
import { clusterNodes } from '../../src/questions/k3s/nodes.ts'
import { aMember, aNode } from './found.ts'
import { ctx, planWith, says, saysOn } from './plan-with.ts'

const nodes = [aNode('srv'), aNode('w1', { labels: { hardware: 'pi3', old: 'x' } }), aNode('w2.lan')]
const plan = (args: object, member = aMember()) =>
  planWith(nodeLabels, args, [says(k3sMember(), member), saysOn('srv', clusterNodes(), { clock: 1000, nodes })])

describe('node_labels', () => {
  it('changes nothing where all is there', () => {
    expect(plan({ labels: { hardware: 'pi3' }, absent: ['gone'] })).toMatchObject({
      changes: [],
      result: { node: 'w1', changed: false },
    })
  })
  it('sets through the server what only it may set, and only what differs', () => {
    const { changes, result } = plan({
      labels: { hardware: 'pi3', 'node-role.kubernetes.io/worker': 'worker' },
      absent: ['old'],
    })
    expect(changes).toEqual([
      {
        kind: 'node.label',
        on: 'srv',
        node: 'w1',
        set: { 'node-role.kubernetes.io/worker': 'worker' },
        remove: ['old'],
        before: { hardware: 'pi3', old: 'x' },
      },
    ])
    expect(result.labels).toEqual({ hardware: 'pi3', 'node-role.kubernetes.io/worker': 'worker' })
  })
  it('finds a node that has the whole hostname', () => {
    expect(plan({ labels: { a: 'b' } }, aMember({ node: 'w2', hostname: 'W2.lan' })).result.node).toBe('w2.lan')
  })
  it('takes the node it is told', () => expect(plan({ node: 'srv', labels: { a: 'b' } }).result.node).toBe('srv'))
  it('says which nodes there are, and which may be meant', () => {
    const { failed } = plan({ node: 'srw', labels: {} })
    expect(failed).toMatchObject({ code: 'node-not-found' })
    expect(failed?.message).toContain('srv, w1, w2.lan')
    expect(failed?.hint).toContain('srv')
  })
  it.each([[{ 'a b': 'x' }], [{ a: 'x y' }], [{ [`${'x'.repeat(254)}/a`]: 'b' }]])('refuses %j', labels => {
    expect(plan({ labels }).failed?.code).toBe('refused')
  })
  it('needs a server', () => {
    expect(planWith(nodeLabels, {}, [], { ...ctx, groups: {} }).failed?.code).toBe('k3s-no-server')
  })
})
