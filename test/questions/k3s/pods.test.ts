import { describe, expect, it } from 'vitest'
import { nodeDrainKind } from '../../../src/changes/node-drain.ts'
import { Shadow } from '../../../src/core/shadow.ts'
import { podsKind } from '../../../src/questions/k3s/pods.ts'
import { readNodes } from '../../../src/questions/k3s/read-nodes.ts'
import { section } from '../section.ts'

const list = (...items: readonly object[]) => `${JSON.stringify({ items })}\0`
const owned = (kind: string) => ({ ownerReferences: [{ kind, controller: true }] })
const web = {
  metadata: { name: 'web-1', namespace: 'media', ...owned('ReplicaSet') },
  spec: { volumes: [{ emptyDir: {} }] },
}
const svc = { metadata: { name: 'svclb', ...owned('DaemonSet') }, status: { phase: 'Running' } }
const done = { metadata: { name: 'job', ...owned('Job') }, status: { phase: 'Succeeded' } }
const file = { metadata: { name: 'static', annotations: { 'kubernetes.io/config.mirror': 'x' } } }

const parse = (text: string, nodes: readonly string[] = ['w1'], code = 0, said = '') =>
  podsKind.parse(section(text, said, code), nodes)

describe('the pods of a node', () => {
  it('as kubectl has them', () => {
    const plain = { mirror: false, finished: false, scratch: false }
    expect(parse(list(web, svc, done, file))).toEqual([
      [
        { ...plain, name: 'media/web-1', controller: 'ReplicaSet', scratch: true },
        { ...plain, name: 'default/svclb', controller: 'DaemonSet' },
        { ...plain, name: 'default/job', controller: 'Job', finished: true },
        { ...plain, name: 'default/static', controller: '', mirror: true },
      ],
    ])
  })
  it('of several nodes, in their order', () => {
    const [first, second] = parse(list(web) + list(), ['w1', 'w2'])
    expect([first?.length, second?.length]).toEqual([1, 0])
  })
  it.each(['', 'welcome\0', '{"items":7}\0', list(web).slice(0, -1), list() + list()])('not from %j', text => {
    expect(() => parse(text)).toThrow(/cannot be read/)
  })
  it('not from who is no server', () => expect(() => parse('', ['w1'], 3, 'no-k3s')).toThrow(/not installed/))
  it('after a planned drain are those that stay', () => {
    const shadow = new Shadow()
    const [pods] = parse(list(web, svc, file))
    const options = { deleteEmptydirData: true, force: false, disableEviction: false, within: 1 }
    nodeDrainKind.fold(shadow, { kind: 'node.drain', node: 'w1', ...options })
    const names = (node: string) => (podsKind.predict?.(shadow, node, pods) as typeof pods)?.map(pod => pod.name)
    expect(names('w1')).toEqual(['default/svclb', 'default/static'])
    expect(names('w2')).toHaveLength(3)
  })
})

describe('a node', () => {
  const node = (more: object, annotations = {}) =>
    readNodes(JSON.stringify({ items: [{ metadata: { name: 'w1', annotations }, spec: more }] }), '{"items":[]}')![0]
  it('tells who cordoned it, and its taints without those of the cluster', () => {
    const taints = [
      { key: 'a', value: 'b', effect: 'NoSchedule' },
      { key: 'c', effect: 'NoExecute' },
      { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
    ]
    expect(node({ taints, unschedulable: true }, { 'pitool/cordoned-by': 'pitool' })).toMatchObject({
      cordoned: true,
      cordonedBy: 'pitool',
      taints: ['a=b:NoSchedule', 'c:NoExecute'],
    })
    expect(node({})).not.toHaveProperty('taints')
  })
})
