import type { Counts } from '../core/event.ts'
import type { RunEnd } from './summary.ts'

/** What one file of `--output ndjson` tells of how its run ended. */
export interface ToldRun {
  readonly file: string
  /** Absent where the run was killed, or its output was cut. */
  readonly end?: RunEnd | undefined
}

const none: Counts = {
  ok: 0,
  changed: 0,
  failed: 0,
  skipped: 0,
  unknown: 0,
  rescued: 0,
  ignored: 0,
  unreachable: false,
}

/** Several runs as one: counts of a host that is in more than one are added, time is the longest, the worst exit counts. */
export function mergeRuns(runs: readonly ToldRun[]): RunEnd {
  const ends = runs.flatMap(({ end }) => end ?? [])
  return {
    type: 'run.end',
    check: ends.length > 0 && ends.every(end => end.check),
    hosts: merged(
      ends.map(end => end.hosts),
      addCounts,
    ),
    questions: merged(
      ends.map(end => end.questions),
      add,
    ),
    roundTrips: merged(
      ends.map(end => end.roundTrips),
      add,
    ),
    connections: merged(
      ends.map(end => end.connections),
      add,
    ),
    bytes: merged(
      ends.map(end => end.bytes),
      (one, other) => ({ sent: one.sent + other.sent, received: one.received + other.received }),
    ),
    ms: Math.max(0, ...ends.map(end => end.ms)),
    exit: worst(runs.map(({ end }) => end?.exit ?? 2)),
  }
}

const add = (one: number, other: number) => one + other

function merged<Value>(
  maps: readonly { readonly [host: string]: Value }[],
  add: (one: Value, other: Value) => Value,
): { readonly [host: string]: Value } {
  const all = new Map<string, Value>()
  for (const [host, value] of maps.flatMap(map => Object.entries(map))) {
    const known = all.get(host)
    all.set(host, known === undefined ? value : add(known, value))
  }
  return Object.fromEntries(all)
}

function addCounts(one: Counts, other: Counts): Counts {
  const sums = (['ok', 'changed', 'failed', 'skipped', 'unknown', 'rescued', 'ignored'] as const).map(
    name => [name, one[name] + other[name]] as const,
  )
  return { ...none, ...Object.fromEntries(sums), unreachable: one.unreachable || other.unreachable }
}

// A bug, then signals, then mistakes: they say that a run is not whole. A failed host before an unreachable one, as within a run.
const order = [70, 143, 130, 129, 1, 2, 4, 3, 0]

function worst(exits: readonly number[]): number {
  const unlisted = exits.find(exit => !order.includes(exit))
  return unlisted ?? order.find(exit => exits.includes(exit)) ?? 0
}
