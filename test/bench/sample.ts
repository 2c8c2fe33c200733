import type { Pass } from './workloads.ts'

/** One run, as measured. */
export interface Sample {
  readonly workload: string
  readonly contender: string
  readonly pass: Pass
  readonly round: number
  readonly ms: number
  /** CPU on this machine by the contender, and on all hosts together, milliseconds. */
  readonly cpuHereMs: number
  readonly cpuThereMs: number
  /** Bytes on the wires of all hosts. */
  readonly sent: number
  readonly received: number
  /** Of the host with the most: seen on the wire where a proxy looked, else the contender's own count. */
  readonly roundTrips?: number | undefined
  /** Why it does not count: it failed, or what it left is not what was asked for. */
  readonly failure?: string | undefined
}

/** The samples of one line in the table: medians over the rounds. */
export interface Row {
  readonly contender: string
  readonly pass: Pass
  /** How many runs the medians are of. */
  readonly runs: number
  readonly ms: number
  readonly fastest: number
  readonly slowest: number
  readonly cpuHereMs: number
  readonly cpuThereMs: number
  readonly sent: number
  readonly received: number
  readonly roundTrips: number | undefined
  readonly failures: readonly string[]
}

/** Rows of a workload, as the contenders first appear; failed runs count for nothing but their failure. */
export function rowsOf(samples: readonly Sample[], pass: Pass): readonly Row[] {
  const contenders = [...new Set(samples.map(sample => sample.contender))]
  return contenders.flatMap(contender => {
    const all = samples.filter(sample => sample.contender === contender && sample.pass === pass)
    return all.length === 0 ? [] : [rowOf(contender, pass, all)]
  })
}

function rowOf(contender: string, pass: Pass, all: readonly Sample[]): Row {
  const good = all.filter(sample => sample.failure === undefined)
  const of = (value: (sample: Sample) => number) => median(good.map(value))
  const trips = good.flatMap(({ roundTrips }) => (roundTrips === undefined ? [] : [roundTrips]))
  return {
    contender,
    pass,
    runs: good.length,
    ms: of(sample => sample.ms),
    fastest: Math.min(...good.map(sample => sample.ms)),
    slowest: Math.max(...good.map(sample => sample.ms)),
    cpuHereMs: of(sample => sample.cpuHereMs),
    cpuThereMs: of(sample => sample.cpuThereMs),
    sent: of(sample => sample.sent),
    received: of(sample => sample.received),
    roundTrips: trips.length === 0 ? undefined : median(trips),
    failures: all.flatMap(({ failure }) => (failure === undefined ? [] : [failure])),
  }
}

/** NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  if (sorted.length === 0) return Number.NaN
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
