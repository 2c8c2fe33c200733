import { describe, expect, it } from 'vitest'
import { nodeCordonKind } from '../../src/changes/node-cordon.ts'
import { nodeDrainKind } from '../../src/changes/node-drain.ts'
import type { Change } from '../../src/core/change.ts'
import { Shadow } from '../../src/core/shadow.ts'
import { nodeDrain } from '../../src/modules/node_drain.ts'
import { k3sMember } from '../../src/questions/k3s/member.ts'
import { type ClusterNode, clusterNodes, clusterNodesKind } from '../../src/questions/k3s/nodes.ts'
import { type NodePod, podsKind, podsOf } from '../../src/questions/k3s/pods.ts'
import { aMember, aNode } from './found.ts'
import { ctx, lookWith, planWith, says, saysOn } from './plan-with.ts'

const aPod = (name: string, more: Partial<NodePod> = {}): NodePod => ({
  name,
  controller: 'ReplicaSet',
  mirror: false,
  finished: false,
  scratch: false,
  ...more,
})
const web = aPod('default/web-1')
const daemon = aPod('kube-system/svclb-1', { controller: 'DaemonSet' })
const scratch = aPod('media/cache-1', { scratch: true })
const bare = aPod('default/bare', { controller: '' })
const mirror = aPod('kube-system/static', { controller: 'Node', mirror: true })
const job = aPod('default/job-7', { controller: 'Job', finished: true, scratch: true })

interface Found {
  readonly node?: Partial<ClusterNode>
  readonly pods?: readonly NodePod[]
}

const own = { cordoned: true, cordonedBy: 'pitool' }
const answers = ({ node = {}, pods = [web, daemon] }: Found) => [
  says(k3sMember(), aMember()),
  saysOn('srv', clusterNodes(), { clock: 1000, nodes: [aNode('srv'), aNode('w1', node)] }),
  saysOn('srv', podsOf('w1'), pods),
]
const plan = (args: object, found: Found = {}) => planWith(nodeDrain, args, answers(found))
const kinds = (changes: readonly Change[]) => changes.map(change => change.kind).join(', ')

describe('node_drain', () => {
  const decisions: readonly (readonly [string, object, Found, string])[] = [
    ['a node in service', {}, {}, 'node.cordon, node.drain'],
    ['one without pods, which may get some until then', {}, { pods: [daemon] }, 'node.cordon, node.drain'],
    ['one that is cordoned, by us', {}, { node: own }, 'node.drain'],
    ['one that is cordoned, by others', {}, { node: { cordoned: true } }, 'node.drain'],
    ['a drained one', {}, { node: own, pods: [daemon, mirror] }, ''],
    ['to cordon', { state: 'cordon' }, {}, 'node.cordon'],
    ['cordoned already', { state: 'cordon' }, { node: { cordoned: true } }, ''],
    ['to uncordon what we cordoned', { state: 'uncordon' }, { node: own }, 'node.cordon'],
    ['what others cordoned', { state: 'uncordon' }, { node: { cordoned: true } }, ''],
    ['what another task cordoned', { state: 'uncordon', by: 'role' }, { node: own }, ''],
    ['in service', { state: 'uncordon' }, {}, ''],
    [
      'our note on a node that others uncordoned',
      { state: 'uncordon' },
      { node: { cordonedBy: 'pitool' } },
      'node.cordon',
    ],
  ]
  it.each(decisions)('%s', (_, args, found, expected) => {
    const { changes, failed, result } = plan(args, found)
    expect(failed).toBeUndefined()
    expect(kinds(changes)).toBe(expected)
    expect(result.changed).toBe(expected !== '')
    expect(changes.every(change => change.on === 'srv')).toBe(true)
  })

  const refusals: readonly (readonly [string, object, readonly NodePod[], RegExp | undefined])[] = [
    ['data in an emptyDir', {}, [web, scratch], /local storage.*: media\/cache-1$/],
    ['… when that is all right', { delete_emptydir_data: true }, [scratch], undefined],
    ['a pod that nothing makes anew', {}, [bare], /no controller.*: default\/bare$/],
    ['… when that is all right', { force: true }, [bare], undefined],
    ['pods of a DaemonSet, when they count', { ignore_daemonsets: false }, [daemon], /DaemonSet-managed.*svclb-1$/],
    ['all at once', {}, [scratch, bare], /cache-1; .*default\/bare$/],
    ['what has ended, and what is started from a file', {}, [job, mirror], undefined],
  ]
  it.each(refusals)('%s', (_, options, pods, cause) => {
    const defaults = { ignore_daemonsets: true, delete_emptydir_data: false, force: false, wait_timeout: 300 }
    const { failed, changes } = plan({ delete_options: { ...defaults, ...options } }, { pods })
    expect(failed?.code).toBe(cause === undefined ? undefined : 'drain-refused')
    if (cause === undefined) return expect(changes.length).toBeGreaterThan(0)
    expect(failed?.cause).toMatch(cause)
    expect(failed?.hint).toContain('delete_options')
    expect(changes).toEqual([])
  })

  it('says whose cordon it leaves', () => {
    expect(plan({ state: 'uncordon' }, { node: { cordoned: true } }).message).toContain('somebody else')
    expect(plan({ state: 'uncordon', by: 'x' }, { node: own }).message).toContain('by pitool')
  })
  it('names the pods, which in a run are the result', () => {
    const { message, later } = plan({})
    expect(message).toBe('moves default/web-1')
    expect(later?.names).toEqual(['pods'])
    expect(later?.from([])).toEqual({ pods: ['default/web-1'] })
  })
  it('needs a server and a node', () => {
    expect(planWith(nodeDrain, {}, [], { ...ctx, groups: {} }).failed?.code).toBe('k3s-no-server')
    expect(plan({ name: 'srw' }).failed).toMatchObject({ code: 'node-not-found', hint: 'did you mean srv?' })
  })
  it('comes to rest: under its own changes nothing is left to do', () => {
    const shadow = new Shadow()
    for (const change of plan({}).changes) {
      const kind = change.kind === 'node.cordon' ? nodeCordonKind : nodeDrainKind
      kind.fold(shadow, change as never)
    }
    const cluster = { clock: 1000, nodes: [aNode('srv'), aNode('w1')] }
    const after = [
      says(k3sMember(), aMember()),
      saysOn('srv', clusterNodes(), clusterNodesKind.predict?.(shadow, null, cluster) as typeof cluster),
      saysOn('srv', podsOf('w1'), podsKind.predict?.(shadow, 'w1', [web, daemon]) as NodePod[]),
    ]
    expect(planWith(nodeDrain, {}, after).changes).toEqual([])
    expect(kinds(planWith(nodeDrain, { state: 'uncordon' }, after).changes)).toBe('node.cordon')
  })
})

describe('after a drain', () => {
  const look = (pods: readonly NodePod[], last = false) => lookWith(plan({}), { last }, answers({ pods }))
  it('its pods are gone; others may have come', () => {
    expect(look([daemon])).toEqual({ done: true })
    expect(look([aPod('default/other')])).toEqual({ done: true })
  })
  it('one that is still there is waited for', () => {
    expect(look([web])).toEqual({ waiting: 'default/web-1 to leave w1' })
    expect(() => look([web], true)).toThrow(/did not leave w1: default\/web-1/)
  })
})
