import PQueue from 'p-queue'
import type { Counts, Event } from '../core/event.ts'
import { place } from '../core/span.ts'
import type { Play, Project } from '../playbook/model.ts'
import { batchesOf } from './batches.ts'
import type { BatchContext, RunContext } from './context.ts'
import type { Deps, RunOptions } from './deps.ts'
import { flushHandlers } from './handlers.ts'
import { everything, HostState } from './host.ts'
import { unclaimed, unlock } from './ledger.ts'
import { notifying } from './notifying.ts'
import { recallOwed } from './recall.ts'
import { cancelled, tellStops, untilStopped } from './stopping.ts'
import { restAfter, sectionsOf } from './upcoming.ts'
import { walk } from './walk.ts'

export interface RunResult {
  readonly hosts: { readonly [host: string]: Counts }
  /** A check found something that a run would, or might, change. */
  readonly pending: boolean
  /** 0 well, 2 a host failed, 4 unreachable, 130 cancelled. */
  readonly exit: 0 | 2 | 4 | 130
}

/** Runs a project's plays in order, or checks what they would do. */
export async function runPlays(project: Project, deps: Deps, options: RunOptions): Promise<RunResult> {
  const started = performance.now()
  const run = contextOf(project, deps, options)
  const named = [...new Set(project.plays.flatMap(play => play.hosts))]
  const { version, check, playbooks } = options
  const time = new Date().toISOString()
  run.emit({ type: 'run.start', run: options.run, time, version, check, playbooks, hosts: named })
  for (const diagnostic of project.warnings) run.emit({ type: 'warning', diagnostic })
  const deafen = tellStops(run)
  try {
    await untilStopped(deps.force, playAll(run))
  } finally {
    await Promise.all([...run.hosts.values()].map(host => leave(run, host)))
    deafen()
  }
  if (deps.signal.aborted) run.emit(cancelled(run, named))
  return end(run, named, started)
}

function stateOf(name: string, { dialer, signal, emit }: Deps, { check }: RunOptions): HostState {
  const state = new HostState(name, dialer, signal, ({ user }, ms) =>
    emit({ type: 'host.connected', host: name, ...(user === undefined ? {} : { user }), ms }),
  )
  // A check leaves what it finds.
  if (check) state.askedForLock = undefined
  return state
}

async function playAll(run: RunContext): Promise<void> {
  for (const play of run.project.plays) {
    if (run.deps.signal.aborted || !(await runPlay(run, play))) break
  }
}

function contextOf(project: Project, deps: Deps, options: RunOptions): RunContext {
  const names = new Set([...project.inventory.hosts.keys(), 'localhost', ...project.plays.flatMap(play => play.hosts)])
  const hosts = new Map([...names].map(name => [name, stateOf(name, deps, options)] as const))
  let task = 0
  return {
    project,
    deps,
    options,
    kinds: {
      questions: new Map(deps.questions.map(kind => [kind.kind, kind] as const)),
      changes: new Map(deps.changes.map(kind => [kind.kind, kind] as const)),
    },
    modules: new Map(deps.modules.map(module => [module.name, module] as const)),
    hosts,
    forks: new PQueue({ concurrency: options.forks }),
    turns: new Map([...names].map(name => [name, new PQueue({ concurrency: 1 })] as const)),
    emit: (event: Event) => deps.emit(event),
    nextTask: () => ++task,
    changing: new Map(),
    carried: { count: 0 },
  }
}

/** False: the run ends here, since a whole batch failed and rolling on would only spread it. */
async function runPlay(run: RunContext, play: Play): Promise<boolean> {
  const hosts = play.hosts.map(name => run.hosts.get(name)!).filter(host => !host.failed && !host.unreachable)
  run.emit({ type: 'play.start', play: play.name, place: place(play.span), hosts: hosts.map(host => host.name) })
  let goOn = true
  const batches = batchesOf(hosts, play.serial)
  for (const [index, batch] of batches.entries()) {
    if (run.deps.signal.aborted) break
    const names = batch.map(host => host.name)
    if (batches.length > 1) run.emit({ type: 'batch.start', play: play.name, index, of: batches.length, hosts: names })
    const stopped = await runBatch({
      ...run,
      play,
      batch,
      handlers: [...play.handlers],
      notifiers: play.sections.flatMap(notifying).slice(),
      stopped: { reason: undefined },
    })
    goOn = batch.some(host => !host.failed && !host.unreachable) && !stopped
    if (!goOn) break
  }
  for (const host of hosts) host.ended = false
  run.emit({ type: 'play.end', play: play.name })
  return goOn || hosts.length === 0
}

/** True: it was stopped by failures. */
async function runBatch(batch: BatchContext): Promise<boolean> {
  for (const host of batch.batch) {
    host.notified.clear()
    host.owedBy.clear()
    host.passed.clear()
    host.recalledBy.clear()
    host.recalledFor = 0
    host.joined = []
    host.answers.drop('all')
    host.window = everything
  }
  await recallOwed(batch)
  if (batch.play.strategy === 'linear') await runSections(batch, batch.batch)
  else await Promise.all(batch.batch.map(host => runSections(batch, [host])))
  return batch.stopped.reason !== undefined && batch.batch.some(host => host.failed || host.unreachable)
}

async function runSections(batch: BatchContext, hosts: readonly HostState[]): Promise<void> {
  const sections = sectionsOf(batch.play)
  for (const [index, section] of sections.entries()) {
    await walk(batch, section, hosts, restAfter(sections, index))
    const atEnd = index === sections.length - 1
    if (batch.stopped.reason === undefined || batch.play.force_handlers) await flushHandlers(batch, hosts, atEnd)
  }
}

/** Gives the locks back, says what is still owed, and hangs up. */
async function leave(run: RunContext, host: HostState): Promise<void> {
  for (const what of unclaimed(host)) {
    const message = `a handler is owed that no play of this run has: ${what}`
    const hint = 'run that playbook on this host, and it will be paid'
    run.emit({ type: 'warning', diagnostic: { code: 'handler-owed', message, host: host.name, hint } })
  }
  await unlock(run, host)
  await host.drop()
}

function end(run: RunContext, named: readonly string[], started: number): RunResult {
  const took = [...run.hosts.values()].filter(host => named.includes(host.name) || host.connections > 0)
  const of = <Shown>(show: (host: HostState) => Shown) => Object.fromEntries(took.map(host => [host.name, show(host)]))
  const hosts = of(host => host.tallied())
  const exit = run.deps.signal.aborted ? 130 : exitOf(took)
  run.emit({
    type: 'run.end',
    check: run.options.check,
    hosts,
    questions: of(host => host.asked),
    roundTrips: of(host => host.traffic().roundTrips),
    connections: of(host => host.connections),
    bytes: of(host => ({ sent: host.traffic().sent, received: host.traffic().received })),
    ms: Math.round(performance.now() - started),
    exit,
  })
  return { hosts, exit, pending: took.some(host => host.counts.changed + host.counts.unknown > 0) }
}

function exitOf(hosts: readonly HostState[]): 0 | 2 | 4 {
  if (hosts.some(host => host.counts.failed > 0)) return 2
  return hosts.some(host => host.unreachable) ? 4 : 0
}
