import { describe, expect, it } from 'vitest'
import { Failure } from '../../../src/core/diagnostic.ts'
import { Shadow } from '../../../src/core/shadow.ts'
import { clusterNodesKind, nodeLabelsValue } from '../../../src/questions/k3s/nodes.ts'
import { section } from '../section.ts'

const node = (name: string, more: object = {}, ready = 'True') => ({
  metadata: { name, labels: { 'kubernetes.io/hostname': name, hardware: 'pi3' } },
  spec: {},
  status: {
    conditions: [
      { type: 'MemoryPressure', status: 'False', lastHeartbeatTime: '2024-01-01T00:00:30Z' },
      { type: 'Ready', status: ready, message: 'kubelet says so', lastHeartbeatTime: '2024-01-01T00:00:10Z' },
    ],
    addresses: [
      { type: 'InternalIP', address: '10.0.0.1' },
      { type: 'Hostname', address: name },
    ],
    nodeInfo: { kubeletVersion: 'v1.30.4+k3s1' },
  },
  ...more,
})
const lease = (name: string, renewTime: string) => ({ metadata: { name }, spec: { renewTime } })
const answer = (nodes: object[], leases: object[] = []) =>
  section(`1704067240\n${JSON.stringify({ items: nodes })}\n\0${JSON.stringify({ items: leases })}\n`)

describe('nodes', () => {
  it('are read with their heartbeat: the newer of condition and lease', () => {
    const said = answer([node('a'), node('b')], [lease('b', '2024-01-01T00:00:35.500000Z')])
    const { clock, nodes } = clusterNodesKind.parse(said, [null])[0]!
    expect(nodes.map(one => clock - one.heartbeat)).toEqual([30, 4.5])
  })
  it('tell readiness, cordon, version, labels, addresses', () => {
    const said = answer([node('a', { spec: { unschedulable: true } }, 'Unknown')])
    expect(clusterNodesKind.parse(said, [null])[0]!.nodes[0]).toEqual({
      name: 'a',
      ready: false,
      reason: 'kubelet says so',
      heartbeat: Date.parse('2024-01-01T00:00:10Z') / 1000,
      cordoned: true,
      version: 'v1.30.4+k3s1',
      labels: { 'kubernetes.io/hostname': 'a', hardware: 'pi3' },
      addresses: ['10.0.0.1', 'a'],
    })
  })
  it('may be new and have reported nothing yet', () => {
    const said = answer([{ metadata: { name: 'new' } }])
    expect(clusterNodesKind.parse(said, [null])[0]!.nodes[0]).toMatchObject({ ready: false, heartbeat: 0, labels: {} })
  })
  it.each([
    ['no-k3s', 3, /not installed/],
    ['agent-only', 3, /agent, not the server/],
    ['The connection to the server 127.0.0.1:6443 was refused', 4, /does not answer/],
  ])('say why there are none: %s', (stderr, code, message) => {
    const ask = () => clusterNodesKind.parse(section('', stderr, code), [null])
    expect(ask).toThrow(message)
    expect(ask).toThrow(Failure)
  })
  it.each(['', '1704067240\n{}\0{}', '1704067240\n{"items":[]}', 'x\n{"items":[]}\0{"items":[]}'])(
    'refuse garbage: %j',
    text => {
      expect(() => clusterNodesKind.parse(section(text), [null])).toThrow(/nodes/)
    },
  )
  it('show planned labels', () => {
    const actual = clusterNodesKind.parse(answer([node('a')]), [null])[0]!
    const shadow = new Shadow()
    shadow.values.set(nodeLabelsValue('a'), { hardware: null, 'memory-class': 'low' })
    const predicted = clusterNodesKind.predict?.(shadow, null, actual)
    expect(predicted).toMatchObject({ nodes: [{ labels: { 'kubernetes.io/hostname': 'a', 'memory-class': 'low' } }] })
    expect(JSON.stringify(predicted)).not.toContain('hardware')
  })
})
