import { describe, expect, it } from 'vitest'
import { isRestricted, labelChanges, labelProblem } from '../../../src/modules/k3s/labels.ts'

describe('labels', () => {
  it.each([
    ['hardware', 'pi5'],
    ['memory-class', 'high'],
    ['node-role.kubernetes.io/worker', 'worker'],
    ['node-role.kubernetes.io/worker', ''],
    ['a'.repeat(63), 'A_b.c-9'],
    ['my.example/x', '1'],
  ])('%s=%s is one', (name, value) => expect(labelProblem(name, value)).toBeUndefined())
  it.each([
    ['', 'x'],
    ['-a', 'x'],
    ['a b', 'x'],
    ['a'.repeat(64), 'x'],
    ['UPPER.example/x', 'x'],
    ['/x', 'x'],
    ['a/b/c', 'x'],
    ['a', '-x'],
    ['a', 'x y'],
    ['a', 'x'.repeat(64)],
    ['a', 'ä'],
  ])('%j=%j is none', (name, value) => expect(labelProblem(name, value)).toContain("'"))
  it.each([
    ['node-role.kubernetes.io/worker', true],
    ['k8s.io/x', true],
    ['kubernetes.io/x', true],
    ['foo.kubernetes.io/x', true],
    ['kubernetes.io/hostname', false],
    ['topology.kubernetes.io/zone', false],
    ['node.kubernetes.io/x', false],
    ['x.node.kubernetes.io/x', false],
    ['kubelet.kubernetes.io/x', false],
    ['hardware', false],
    ['notkubernetes.io/x', false],
  ])('%s may only be set by the server: %s', (name, restricted) => expect(isRestricted(name)).toBe(restricted))
  it('only what differs is changed', () => {
    const have = { a: '1', b: '2', old: 'x' }
    expect(labelChanges(have, { a: '1', b: '3', c: '' }, ['old', 'never'])).toEqual({
      set: { b: '3', c: '' },
      remove: ['old'],
    })
    expect(labelChanges(have, { a: '1' }, ['a'])).toEqual({ set: {}, remove: [] })
  })
})
