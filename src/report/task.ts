import type { Diagnostic } from '../core/diagnostic.ts'
import type { TaskRef } from '../core/event.ts'
import { maskedJson } from '../core/secret.ts'
import { place } from '../core/span.ts'
import { renderDiagnostic } from './diagnostic.ts'
import { renderDiff, renderFacets } from './diff.ts'
import { elsewhere, type HostEnd, type Outcome } from './outcome.ts'
import type { Paint, Palette } from './palette.ts'
import { clip, oneLine, sanitise } from './sanitise.ts'
import { indent, title } from './words.ts'

export interface TaskStyle {
  readonly paint: Palette
  readonly diff: boolean
  readonly check: boolean
  /** 1: tasks with nothing to do too; 2: registered results too. */
  readonly verbosity: number
}

const longestResult = 4000

/** The line above a task's outcomes. */
export function renderHeading(task: TaskRef, { paint }: TaskStyle): string {
  return `${paint.bold(title(task))} ${paint.dim(`· ${oneLine(task.place)}`)}`
}

/** One line naming the hosts, and below it what was done, why not, or what went wrong. */
export function renderOutcome({ hosts, sample }: Outcome, style: TaskStyle): readonly string[] {
  const [word, color] = label(sample, style)
  const names = hosts.map(oneLine).join(', ')
  const item = sample.item === undefined ? '' : ` (${clip(oneLine(sample.item), 200)})`
  const line = `${color(`${word}:`)} ${names}${item}${remarks(sample, style)}`
  return indent([line, ...indent(body(sample, style), 2)], 2)
}

function label(end: HostEnd, { paint, check }: TaskStyle): readonly [string, Paint] {
  switch (end.status) {
    case 'ok':
      return ['ok', paint.good]
    case 'changed':
      return [check && !end.ranInCheck ? 'would change' : 'changed', paint.changed]
    case 'failed':
      return end.ignored ? ['failed, ignored', paint.unsure] : ['failed', paint.bad]
    case 'skipped':
      return ['skipped', paint.dim]
    case 'unknown':
      return ['known after apply', paint.unsure]
    case 'unreachable':
      return ['unreachable', paint.bad]
  }
}

function remarks(end: HostEnd, { paint, check, verbosity }: TaskStyle): string {
  const parts: string[] = []
  if (end.delegate !== undefined) parts.push(`on ${oneLine(end.delegate)}`)
  if (end.ranInCheck) parts.push('ran in check')
  if (end.assumed !== undefined) parts.push(`assumed: ${oneLine(end.assumed)}`)
  if (end.notified?.length && (verbosity > 0 || end.status === 'changed'))
    parts.push(`${check ? 'would notify' : 'notifies'} ${end.notified.map(oneLine).join(', ')}`)
  return parts.length === 0 ? '' : paint.dim(` (${parts.join('; ')})`)
}

function body(end: HostEnd, style: TaskStyle): readonly string[] {
  const { paint, verbosity } = style
  const lines: string[] = []
  if (end.unknown !== undefined) lines.push(paint.unsure(oneLine(end.unknown)))
  const said = [end.diagnostic?.message, ...end.changes.map(change => change.diff.summary)]
  if (end.message !== undefined && !said.includes(end.message))
    lines.push(...sanitise(end.message).trimEnd().split('\n'))
  for (const change of end.changes) {
    const host = elsewhere(change, end)
    lines.push(oneLine(change.diff.summary) + (host === undefined ? '' : paint.dim(` (on ${oneLine(host)})`)))
    lines.push(...indent(style.diff ? renderDiff(change.diff, paint) : renderFacets(change.diff, paint), 2))
  }
  if (end.diagnostic) lines.push(...renderDiagnostic(withoutHeading(end.diagnostic, end.task), { paint, bare: true }))
  if (verbosity > 1 && end.result) lines.push(...renderResult(end.result, paint))
  return lines
}

/** The task's own place stands in its heading already. */
function withoutHeading(diagnostic: Diagnostic, task: TaskRef): Diagnostic {
  return diagnostic.span && place(diagnostic.span) === task.place ? { ...diagnostic, span: undefined } : diagnostic
}

function renderResult(result: object, paint: Palette): readonly string[] {
  const text = clip(sanitise(maskedJson(result, 2)), longestResult)
  return text.split('\n').map(line => paint.dim(line))
}
