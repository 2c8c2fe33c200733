import type { Event, TaskRef } from '../core/event.ts'
import { renderDiagnostic, renderDiagnostics } from './diagnostic.ts'
import type { Live } from './live.ts'
import { groupOutcomes, type HostEnd } from './outcome.ts'
import { createPalette, type Palette } from './palette.ts'
import { createProgress } from './progress.ts'
import type { Reporter, Write } from './reporter.ts'
import { oneLine } from './sanitise.ts'
import { renderCancelled, renderStopping } from './stopped.ts'
import { renderSummary } from './summary.ts'
import { renderHeading, renderOutcome, type TaskStyle } from './task.ts'
import { count, duration, seconds, title } from './words.ts'

export interface HumanOptions {
  readonly write: Write
  readonly color: boolean
  /** Show texts' diffs; facets are always shown. */
  readonly diff: boolean
  readonly verbosity: number
  /** The moving lines, on a terminal. */
  readonly live?: Live | undefined
}

/** The reporter for people: what changed or failed in full, the rest as counts. */
export function createHuman(options: HumanOptions): Reporter {
  const paint = createPalette(options.color)
  const screen = new Screen(options, paint)
  return {
    emit: event => screen.emit(event),
    mistakes: diagnostics => screen.print(renderDiagnostics(diagnostics, { paint }).trimEnd().split('\n')),
    close: () => screen.close(),
  }
}

class Screen {
  readonly #options: HumanOptions
  readonly #paint: Palette
  readonly #progress
  readonly #open = new Map<number, HostEnd[]>()
  readonly #lost = new Set<string>()
  readonly #waited = new Map<string, number>()
  #check = false
  /** Hosts as the run names them: the same order in every line. */
  #order: ReadonlyMap<string, number> = new Map()
  /** Tasks not shown since the last line: with nothing to change, and skipped everywhere. */
  #quiet = { ok: 0, skipped: 0 }

  constructor(options: HumanOptions, paint: Palette) {
    this.#options = options
    this.#paint = paint
    this.#progress = createProgress(paint)
    options.live?.show(() => this.#progress.lines())
  }

  print(lines: readonly string[]): void {
    const write = this.#options.live?.write ?? this.#options.write
    if (lines.length > 0) write(lines.map(line => `${line}\n`).join(''))
  }

  close(): void {
    this.#flushOpen()
    this.#flushQuiet()
    this.#options.live?.stop()
  }

  emit(event: Event): void {
    this.#progress.note(event)
    this.#show(event)
  }

  #show(event: Event): void {
    const { verbosity } = this.#options
    const paint = this.#paint
    switch (event.type) {
      case 'run.start':
        this.#check = event.check
        this.#order = new Map(event.hosts.map((host, i) => [host, i]))
        if (event.check) this.print([paint.note('check: this is what a run would do; nothing is changed')])
        return
      case 'play.start':
        this.print(['', `${paint.bold(`PLAY ${oneLine(event.play)}`)} ${paint.dim(`· ${hosts(event.hosts)}`)}`])
        return
      case 'batch.start':
        if (event.of > 1) {
          this.#flushQuiet()
          this.print([paint.dim(`batch ${event.index + 1} of ${event.of}: ${hosts(event.hosts)}`)])
        }
        return
      case 'host.connected':
        if (verbosity > 0) this.print([paint.dim(connected(event))])
        return
      case 'host.waiting':
        this.#waiting(event)
        return
      case 'host.retry':
        if (verbosity > 0) this.print([paint.dim(`  ${oneLine(event.host)}: attempt ${event.attempt} of ${event.of}`)])
        return
      case 'host.end':
        this.#open.set(event.task.id, [...(this.#open.get(event.task.id) ?? []), event])
        return
      case 'task.end':
        this.#taskEnd(event.task)
        return
      case 'host.unreachable':
        this.#lost.add(event.host)
        this.#flushQuiet()
        this.print([
          `${paint.bad('unreachable:')} ${oneLine(event.host)}`,
          ...renderDiagnostic(event.diagnostic, { paint, bare: true }).map(line => `  ${line}`),
        ])
        return
      case 'warning':
        this.print(renderDiagnostic(event.diagnostic, { paint, level: 'warning' }))
        return
      case 'stopping':
        this.#flushQuiet()
        this.print(renderStopping(event, paint))
        return
      case 'cancelled':
        this.#flushOpen()
        this.#flushQuiet()
        this.print(renderCancelled(event, paint))
        return
      case 'play.end':
        this.#flushOpen()
        this.#flushQuiet()
        return
      case 'run.end':
        this.#flushOpen()
        this.#flushQuiet()
        this.print(['', ...renderSummary(event, paint)])
        return
      default:
        return
    }
  }

  #taskEnd(task: TaskRef): void {
    const rank = ({ host }: HostEnd) => this.#order.get(host) ?? this.#order.size
    const ends = (this.#open.get(task.id) ?? []).sort((a, b) => rank(a) - rank(b))
    this.#open.delete(task.id)
    const shown = ends.filter(end => this.#worth(end))
    if (shown.length === 0) {
      if (ends.some(end => end.status === 'ok')) this.#quiet.ok++
      else if (ends.length > 0) this.#quiet.skipped++
      return
    }
    this.#flushQuiet()
    const { diff, verbosity } = this.#options
    const style: TaskStyle = { paint: this.#paint, diff, verbosity, check: this.#check }
    this.print([
      renderHeading(task, style),
      ...groupOutcomes(
        shown.map(end => this.#short(end)),
        verbosity > 1,
      ).flatMap(outcome => renderOutcome(outcome, style)),
    ])
  }

  #worth(end: HostEnd): boolean {
    if (this.#options.verbosity > 0) return true
    if (end.status === 'ok') return end.task.module === 'debug' || end.ranInCheck === true
    return end.status !== 'skipped'
  }

  /** What was said when the host was lost is not said again. */
  #short(end: HostEnd): HostEnd {
    return end.status === 'unreachable' && this.#lost.has(end.host) ? { ...end, diagnostic: undefined } : end
  }

  /** Where nothing moves, a line after some seconds and one each half minute. */
  #waiting({ task, host, what, elapsed }: Extract<Event, { type: 'host.waiting' }>): void {
    if (this.#options.live) return
    const key = `${task.id} ${host}`
    const last = this.#waited.get(key)
    if (last === undefined ? elapsed < 5 : elapsed - last < 30) return
    this.#waited.set(key, elapsed)
    this.#flushQuiet()
    const line = `${title(task)} · ${oneLine(host)}: waiting for ${oneLine(what)} (${seconds(elapsed)})`
    this.print([this.#paint.dim(line)])
  }

  #flushOpen(): void {
    for (const ends of [...this.#open.values()]) {
      const task = ends[0]?.task
      if (task) this.#taskEnd(task)
    }
  }

  #flushQuiet(): void {
    const { ok, skipped } = this.#quiet
    this.#quiet = { ok: 0, skipped: 0 }
    const parts = [ok > 0 ? `${count(ok, 'task')} ok` : '', skipped > 0 ? `${count(skipped, 'task')} skipped` : '']
    const text = parts.filter(part => part !== '').join(', ')
    if (text !== '') this.print([this.#paint.dim(text)])
  }
}

function connected({ host, user, ms }: Extract<Event, { type: 'host.connected' }>): string {
  return `connected to ${oneLine(host)}${user === undefined ? '' : ` as ${oneLine(user)}`} in ${duration(ms)}`
}

function hosts(names: readonly string[]): string {
  return names.length > 8 ? count(names.length, 'host') : names.map(oneLine).join(', ')
}
