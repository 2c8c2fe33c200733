import { expect, test } from 'vitest'
import { renderChart } from './chart.ts'
import { median, rowsOf, type Sample } from './sample.ts'
import { renderTable } from './table.ts'
import { workloads } from './workloads.ts'

test.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[4, 1, 3, 2], 2.5],
  [[], Number.NaN],
])('the median of %j is %d', (values, expected) => expect(median(values)).toBe(expected))

const sample = (contender: string, ms: number, more: Partial<Sample> = {}): Sample => ({
  ...{ workload: 'W1', contender, pass: 'first', round: 1, ms },
  ...{ cpuHereMs: ms / 2, cpuThereMs: ms / 4, sent: 5000, received: 2000, ...more },
})

const samples = [
  sample('pitool', 1000, { roundTrips: 7 }),
  sample('pitool', 3000, { roundTrips: 9 }),
  sample('other', 8000),
  sample('other', 1, { failure: 'exit code 2' }),
  sample('broken', 5, { failure: 'exit code 3' }),
]

test('failed runs do not count', () => {
  const [pitool, other, broken] = rowsOf(samples, 'first')
  expect(pitool).toMatchObject({ runs: 2, ms: 2000, fastest: 1000, slowest: 3000, roundTrips: 8 })
  expect(other).toMatchObject({ runs: 1, ms: 8000, roundTrips: undefined, failures: ['exit code 2'] })
  expect(broken).toMatchObject({ runs: 0, ms: Number.NaN })
})

test('the table has a line each, and why one has none', () => {
  const about = { date: '2026-01-02', rounds: 2, machine: 'here', versions: ['a 1'] }
  const lines = renderTable(workloads, samples, about).split('\n')
  expect(lines).toContain('| pitool | 2 | 2.00 (1.00–3.00) | 1.0 | 1.00 | 0.50 | 5 | 2 | 8 |')
  expect(lines).toContain('| other | 1 | 8.00 (8.00–8.00) | 4.0 | 4.00 | 2.00 | 5 | 2 |  |')
  expect(lines).toContain('broken: exit code 3')
})

test('the chart has a bar for each that has a time', () => {
  expect(renderChart(workloads, samples).match(/<rect class/g)?.length).toBe(2)
})
