import type { Diagnostic } from '../core/diagnostic.ts'
import type { BatchContext } from './context.ts'
import { keyword } from './decide.ts'
import type { HostState } from './host.ts'
import type { TaskOutcome } from './outcome.ts'
import type { Running } from './step.ts'
import { scopeFor } from './variables.ts'

export interface Ended {
  readonly outcome: TaskOutcome
  readonly ignored: boolean
  readonly ms: number
  /** Addresses of the handlers it notifies. */
  readonly notified?: readonly string[]
}

/** Tells how a task ended on a host; with `no_log` only that it did. */
export function announce(
  batch: BatchContext,
  { task, ref, state }: Running,
  { outcome, ignored, ms, notified = [] }: Ended,
): void {
  const { status, item, unknown, assumed } = outcome
  const { no_log, check_mode } = task.keywords
  const delegate = delegateOf(batch, { task, state })
  const flags = {
    ...(delegate === undefined ? {} : { delegate }),
    ...(ignored ? { ignored } : {}),
    ...(notified.length > 0 ? { notified } : {}),
    ...(batch.options.check && check_mode === false && status !== 'skipped' ? { ranInCheck: true } : {}),
  }
  const shared = {
    type: 'host.end' as const,
    task: ref,
    host: state.name,
    status,
    unknown,
    assumed,
    ms: Math.round(ms),
    ...flags,
  }
  if (no_log) {
    const changes = outcome.changes.map(({ kind, host }) => ({ kind, host, diff: hidden }))
    const diagnostic = outcome.diagnostic && censored(outcome.diagnostic)
    batch.emit({ ...shared, item: item && '(hidden by no_log)', changes, diagnostic })
    return
  }
  const { changes, message, diagnostic, result } = outcome
  batch.emit({ ...shared, item, changes, result, message, diagnostic })
}

const hidden = { subject: '(hidden)', summary: 'hidden by no_log' }

function censored({ code, span, host }: Diagnostic): Diagnostic {
  return { code, span, host, message: 'failed; what it said is hidden by no_log', hint: 'take no_log away to see it' }
}

function delegateOf(batch: BatchContext, { task, state }: Pick<Running, 'task' | 'state'>): string | undefined {
  if (!task.keywords.delegate_to) return undefined
  try {
    return String(keyword(task.keywords.delegate_to, scopeFor(batch, state, task)))
  } catch {
    return undefined
  }
}

/** Ansible's tally: a changed task is an ok one too, an ignored failure counts as ok. */
export function settleCounts(state: HostState, outcome: TaskOutcome, ignored: boolean): void {
  const { counts } = state
  if (outcome.status === 'skipped') counts.skipped++
  else if (outcome.status === 'unknown') counts.unknown++
  else if (outcome.status === 'unreachable') state.unreachable = true
  else if (outcome.status === 'failed' && !ignored) {
    counts.failed++
    state.failed = true
  } else counts.ok++
  if (outcome.status === 'changed') counts.changed++
  if (ignored) counts.ignored++
}
