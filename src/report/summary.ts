import type { Counts, Event } from '../core/event.ts'
import type { Palette } from './palette.ts'
import { oneLine } from './sanitise.ts'
import { count, duration, sum } from './words.ts'

export type RunEnd = Extract<Event, { type: 'run.end' }>

/** One line a host, then time and round trips, and what it comes to. */
export function renderSummary(end: RunEnd, paint: Palette): readonly string[] {
  const hosts = Object.entries(end.hosts)
  const longest = Math.max(0, ...hosts.map(([host]) => oneLine(host).length))
  const lines = hosts.map(([host, counts]) => {
    const name = oneLine(host).padEnd(longest)
    return `${verdict(counts, paint)(name)}  ${fields(counts, end.check, paint)}${trips(end, host, paint)}`
  })
  return [...lines, paint.dim(closing(end))]
}

function verdict(counts: Counts, paint: Palette): (text: string) => string {
  if (counts.unreachable || counts.failed > 0) return paint.bad
  if (counts.unknown > 0) return paint.unsure
  return counts.changed > 0 ? paint.changed : paint.good
}

function fields(counts: Counts, check: boolean, paint: Palette): string {
  if (Object.values(counts).every(count => !count)) return paint.dim('only asked')
  const { ok, changed, failed, skipped, unknown, rescued, ignored, unreachable } = counts
  const all: [string, number, (text: string) => string][] = [
    ['ok', ok, paint.good],
    [check ? 'would change' : 'changed', changed, paint.changed],
    ['failed', failed, paint.bad],
    ['skipped', skipped, paint.note],
    ['unreachable', unreachable ? 1 : 0, paint.bad],
    ['unknown', unknown, paint.unsure],
  ]
  const rare: typeof all = [
    ['rescued', rescued, paint.unsure],
    ['ignored', ignored, paint.unsure],
  ]
  return [...all, ...rare.filter(([, number]) => number > 0)]
    .map(([name, number, color]) => (number > 0 ? color(`${name}=${number}`) : paint.dim(`${name}=0`)))
    .join(' ')
}

function trips(end: RunEnd, host: string, paint: Palette): string {
  const trips = end.roundTrips[host]
  return trips === undefined ? '' : paint.dim(`  ${count(trips, 'round trip')}`)
}

function closing(end: RunEnd): string {
  const trips = sum(Object.values(end.roundTrips))
  const spent = `${duration(end.ms)}, ${count(trips, 'round trip')}`
  return end.check ? `check only, nothing was changed · ${spent}` : spent
}
