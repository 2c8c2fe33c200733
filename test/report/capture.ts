import type { Counts, Event, TaskRef } from '../../src/core/event.ts'
import type { Source, Span } from '../../src/core/span.ts'
import type { Write } from '../../src/report/reporter.ts'

/** Collects what a reporter writes. */
export function capture(): { write: Write; text(): string } {
  let all = ''
  return { write: text => (all += text), text: () => all }
}

let ids = 0

export function task(name: string, more: Partial<TaskRef> = {}): TaskRef {
  return { id: ++ids, name, module: 'copy', play: 'p', place: 'site.yml:3:5', handler: false, ...more }
}

type HostEnd = Extract<Event, { type: 'host.end' }>

export function end(task: TaskRef, host: string, more: Partial<HostEnd> = {}): HostEnd {
  return { type: 'host.end', task, host, status: 'ok', changes: [], ms: 5, ...more }
}

export function write(host: string, before: string | null, after: string | null): HostEnd['changes'][number] {
  return { kind: 'file.write', host, diff: { subject: '/etc/x', summary: 'write /etc/x', before, after } }
}

export function counts(more: Partial<Counts> = {}): Counts {
  return { ok: 0, changed: 0, failed: 0, skipped: 0, unknown: 0, rescued: 0, ignored: 0, unreachable: false, ...more }
}

export function runEnd(hosts: Record<string, Counts>, more: Partial<Extract<Event, { type: 'run.end' }>> = {}): Event {
  const trips = Object.fromEntries(Object.keys(hosts).map(host => [host, 2]))
  return {
    type: 'run.end',
    check: false,
    hosts,
    questions: {},
    roundTrips: trips,
    connections: {},
    bytes: {},
    ms: 840,
    exit: 0,
    ...more,
  }
}

/** The span of the first `what` in a text. */
export function spanOf(source: Source, what: string): Span {
  const start = source.text.indexOf(what)
  return { source, start, end: start + what.length }
}
