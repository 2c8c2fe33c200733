import type { Event, ShownChange } from '../core/event.ts'
import { place, type Span } from '../core/span.ts'

export type HostEnd = Extract<Event, { type: 'host.end' }>

/** The hosts (in their order) for which a task, or one item of its loop, ended in the same way. */
export interface Outcome {
  readonly hosts: readonly string[]
  readonly sample: HostEnd
}

/** Puts together what reads the same on several hosts, so that a diff is read once; `results`: they are shown too. */
export function groupOutcomes(ends: readonly HostEnd[], results: boolean): readonly Outcome[] {
  const groups = new Map<string, { hosts: string[]; sample: HostEnd }>()
  for (const end of ends) {
    const key = likeness(end, results || end.task.module === 'debug')
    const group = groups.get(key)
    if (group) group.hosts.push(end.host)
    else groups.set(key, { hosts: [end.host], sample: end })
  }
  return [...groups.values()]
}

function likeness(end: HostEnd, results: boolean): string {
  const { status, item, delegate, message, unknown, assumed, ignored, ranInCheck, notified, result } = end
  const changes = end.changes.map(change => ({ ...change, host: elsewhere(change, end) }))
  const diagnostic = end.diagnostic && { ...end.diagnostic, span: spanKey(end.diagnostic.span), host: undefined }
  const parts = [status, item, delegate, message, unknown, assumed, ignored, ranInCheck, notified, results && result]
  return JSON.stringify([...parts, changes, diagnostic])
}

/** The host a change is made on where it is not the task's own. */
export function elsewhere(change: ShownChange, end: HostEnd): string | undefined {
  return change.host === end.host || change.host === end.delegate ? undefined : change.host
}

function spanKey(span: Span | undefined): string | undefined {
  return span && place(span)
}
