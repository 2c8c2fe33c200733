import { describe, expect, it } from 'vitest'
import type { Counts } from '../../src/core/event.ts'
import { mergeRuns } from '../../src/report/merge.ts'
import type { RunEnd } from '../../src/report/summary.ts'

const counts = (more: Partial<Counts>): Counts => ({
  ...{ ok: 0, changed: 0, failed: 0, skipped: 0, unknown: 0, rescued: 0, ignored: 0, unreachable: false },
  ...more,
})
const end = (hosts: RunEnd['hosts'], more: Partial<RunEnd> = {}): RunEnd => ({
  type: 'run.end',
  check: false,
  hosts,
  questions: Object.fromEntries(Object.keys(hosts).map(host => [host, 20])),
  roundTrips: Object.fromEntries(Object.keys(hosts).map(host => [host, 3])),
  connections: {},
  bytes: {},
  ms: 10,
  exit: 0,
  ...more,
})
const run = (exit: number | undefined) => ({ file: 'x', ...(exit === undefined ? {} : { end: end({}, { exit }) }) })

describe('several runs as one', () => {
  it('has the hosts of all, and adds up what it finds twice', () => {
    const one = end({ a: counts({ ok: 1 }), shared: counts({ changed: 1 }) }, { ms: 20 })
    const other = end({ b: counts({ failed: 1 }), shared: counts({ ok: 2, unreachable: true }) })
    const whole = mergeRuns([one, other].map(end => ({ file: 'x', end })))
    expect(whole.hosts).toEqual({
      a: counts({ ok: 1 }),
      b: counts({ failed: 1 }),
      shared: counts({ ok: 2, changed: 1, unreachable: true }),
    })
    expect(whole.roundTrips).toEqual({ a: 3, b: 3, shared: 6 })
    expect(whole.questions).toEqual({ a: 20, b: 20, shared: 40 })
    expect(whole.ms).toBe(20)
  })

  it.each([
    ['all well', [0, 0], 0],
    ['one failed', [0, 2, 4], 2],
    ['one unreachable', [0, 4], 4],
    ['pending', [0, 3], 3],
    ['a mistake in one', [0, 2, 1], 1],
    ['one ended by Ctrl-C', [2, 130, 0], 130],
    ['a bug', [130, 70, 1], 70],
    ['one that did not end', [0, undefined], 2],
  ] as const)('ends as the worst of them: %s', (_, exits, expected) => {
    expect(mergeRuns(exits.map(run)).exit).toBe(expected)
  })
})
