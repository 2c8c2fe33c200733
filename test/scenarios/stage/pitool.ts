import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Counts, Event } from '../../../src/core/event.ts'
import { bundled, program, unbundle } from '../../cli/bundled.ts'

export { bundled, unbundle }

export type HostEnd = Extract<Event, { readonly type: 'host.end' }>
export type RunEnd = Extract<Event, { readonly type: 'run.end' }>

/** What one run of the program printed; `events` where that was NDJSON. */
export interface Ran {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly ms: number
}

export interface Played extends Ran {
  readonly events: readonly Event[]
  readonly ends: readonly HostEnd[]
  readonly end: RunEnd | undefined
}

export interface Running<T> {
  readonly child: ChildProcess & { readonly pid: number }
  /** What was printed so far. */
  said(): string
  readonly done: Promise<T>
}

const patience = 150_000

/** Starts the program as it ships: no terminal, no colours, no agent. */
export function start(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running<Ran> {
  const { NO_COLOR: _, FORCE_COLOR: __, SSH_AUTH_SOCK: ___, ...inherited } = process.env
  const began = Date.now()
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    // Nobody's cache but the project's own.
    env: { ...inherited, XDG_CACHE_HOME: join(cwd, '.cache'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patience,
    killSignal: 'SIGKILL',
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const done = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr, ms: Date.now() - began }))
  })
  return { child: child as Running<Ran>['child'], said: () => stdout, done }
}

/** Runs the program and waits. */
export function pitool(cwd: string, ...args: readonly string[]): Promise<Ran> {
  return start(cwd, args).done
}

/** `pitool play … --output ndjson`, its events read. */
export function startPlay(cwd: string, ...args: readonly string[]): Running<Played> {
  const running = start(cwd, ['play', ...args, '--output', 'ndjson'])
  return { ...running, done: running.done.then(withEvents) }
}

export function play(cwd: string, ...args: readonly string[]): Promise<Played> {
  return startPlay(cwd, ...args).done
}

/** A run that printed NDJSON, with its events read. */
export function withEvents(ran: Ran): Played {
  // The last line of a killed run may be half a line.
  const lines = ran.stdout.split('\n').slice(0, -1)
  const events = lines.map(line => JSON.parse(line) as Event)
  return {
    ...ran,
    events,
    ends: events.filter((event): event is HostEnd => event.type === 'host.end'),
    end: events.find((event): event is RunEnd => event.type === 'run.end'),
  }
}

/** The diagnostic that ended a host: of its task, or of the connection. */
export function failureOf(played: Played, host: string) {
  const failed = played.ends.find(
    end => end.host === host && !end.ignored && (end.status === 'failed' || end.status === 'unreachable'),
  )
  if (failed?.diagnostic) return failed.diagnostic
  const lost = played.events.find(event => event.type === 'host.unreachable' && event.host === host)
  return lost?.type === 'host.unreachable' ? lost.diagnostic : undefined
}

export function countsOf(played: Played, host: string): Counts {
  const counts = played.end?.hosts[host]
  if (!counts) throw new Error(`no counts of ${host}:\n${story(played)}`)
  return counts
}

/** What happened, in few lines, for a failing test. */
export function story({ code, signal, stderr, ends, events }: Played): string {
  const told = ends
    .filter(end => end.status !== 'ok' && end.status !== 'skipped')
    .map(end => `${end.host} ${end.status} ${end.task.name}: ${JSON.stringify(end.diagnostic ?? end.unknown ?? '')}`)
  const lost = events
    .filter(event => event.type === 'host.unreachable' || event.type === 'warning')
    .map(event => JSON.stringify(event))
  return [`exit ${code ?? signal}`, ...told, ...lost, stderr].join('\n')
}
