import type { Event, Stood } from '../core/event.ts'
import type { RunContext } from './context.ts'

/** Seconds that a run has to come to its end when what runs on the hosts was ended as well. */
const patience = 8

/** Tells, the moment a signal comes, what is waited for. Gives what ends the listening. */
export function tellStops(run: RunContext): () => void {
  const { signal, force } = run.deps
  const tell = (of: AbortSignal, ends: boolean) => () =>
    run.emit({ type: 'stopping', signal: String(of.reason ?? 'SIGINT'), ends, changing: changing(run) })
  const stops = [
    [signal, tell(signal, false)],
    [force, tell(force ?? signal, true)],
  ] as const
  for (const [of, listener] of stops) of?.addEventListener('abort', listener, { once: true })
  return () => {
    for (const [of, listener] of stops) of?.removeEventListener('abort', listener)
  }
}

function changing({ changing }: RunContext) {
  return [...changing].map(([{ name }, task]) => ({ host: name, task }))
}

/** Waits for the plays, but not for ever for hosts that cannot even be told to stop. */
export async function untilStopped(force: AbortSignal | undefined, plays: Promise<void>): Promise<void> {
  if (!force) return plays
  let timer: NodeJS.Timeout | undefined
  let onAbort: () => void = () => undefined
  const late = new Promise<void>(resolve => {
    onAbort = () => {
      timer = setTimeout(resolve, patience * 1000)
    }
    if (force.aborted) onAbort()
    else force.addEventListener('abort', onAbort, { once: true })
  })
  try {
    await Promise.race([plays, late])
  } finally {
    clearTimeout(timer)
    force.removeEventListener('abort', onAbort)
  }
}

/** Where each host stood when the run was interrupted. */
export function cancelled(run: RunContext, named: readonly string[]): Event {
  const hosts = named.map((name): [string, Stood] => {
    const host = run.hosts.get(name)!
    const task = run.changing.get(host)
    const owed = [...host.marked.keys()]
    // One that is at it still could not be told to stop.
    if (task) return [name, { task, how: 'ended', owed }]
    return [name, { ...(host.stood ?? { how: 'not-begun' }), owed }]
  })
  const signal = String(run.deps.signal.reason ?? 'SIGINT')
  return { type: 'cancelled', signal, hosts: Object.fromEntries(hosts) }
}
