import { place } from '../core/span.ts'
import { Unknown } from '../core/unknown.ts'
import type { Handler } from '../playbook/model.ts'
import type { BatchContext } from './context.ts'
import { siteOf } from './ground.ts'
import type { HostState } from './host.ts'
import { claim, forget } from './ledger.ts'
import { notify } from './notify.ts'
import { undecided } from './outcome.ts'
import { recallOwed } from './recall.ts'
import { runTask } from './run-task.ts'
import { taint } from './taint.ts'
import { scopeFor } from './variables.ts'

/**
 * Runs what was notified, in the order the handlers are written; one may notify a later one, or an earlier: bounded
 * rounds. What is owed for a task still to come waits for it, at the end of the play for nothing.
 */
export async function flushHandlers(batch: BatchContext, hosts: readonly HostState[], atEnd = false): Promise<void> {
  // Another run was waited for, or an include has brought tasks of somebody else.
  await recallOwed(
    batch,
    hosts.filter(host => host.alive),
  )
  for (const host of hosts) {
    claim(batch, host)
    if (atEnd) host.owedBy.clear()
  }
  for (let round = 0; round <= batch.handlers.length; round++) {
    if (!hosts.some(host => host.alive && host.notified.size > 0)) return
    for (const handler of [...batch.handlers]) await runNotified(batch, handler, hosts)
  }
}

async function runNotified(batch: BatchContext, handler: Handler, hosts: readonly HostState[]): Promise<void> {
  if (batch.deps.signal.aborted) return
  const runs = hosts.filter(host => isDue(host, handler) && mayRun(batch, host))
  const sure = runs.filter(host => host.notified.get(handler.address) === 'sure')
  for (const host of runs) {
    if (!sure.includes(host)) sayMayRun(batch, handler, host)
    host.notified.delete(handler.address)
  }
  const failedBefore = new Set(sure.filter(host => host.failed))
  await runTask(batch, handler, sure)
  // Cut short by a signal, it is owed still.
  const ran = sure.filter(host => !host.unreachable && !isCut(host) && (!host.failed || failedBefore.has(host)))
  if (handler.keywords.run_once && sure.some(isCut)) return
  await Promise.all(ran.map(host => settle(batch, handler, host)))
}

function isDue(host: HostState, { address }: Handler): boolean {
  return host.notified.has(address) && !host.awaits(address)
}

/** The note goes when its handler has run; one that failed is owed still. */
async function settle(batch: BatchContext, handler: Handler, state: HostState): Promise<void> {
  if (batch.options.check || !state.marked.has(handler.address)) return
  const site = siteOf({ batch, task: handler, state, scope: scopeFor(batch, state, handler) })
  await forget(batch, site, { state, addresses: [handler.address] })
}

function isCut({ stood }: HostState): boolean {
  return stood?.how === 'given-up' || stood?.how === 'stopped' || stood?.how === 'ended'
}

function mayRun({ play }: BatchContext, host: HostState): boolean {
  return host.alive || (play.force_handlers && host.failed && !host.unreachable)
}

/** A check whose notification hangs on what only a run can tell. */
function sayMayRun(batch: BatchContext, handler: Handler, host: HostState): void {
  const reason = host.notified.get(handler.address)!
  const { span, module } = handler
  const task = {
    id: batch.nextTask(),
    name: handler.address,
    module,
    play: batch.play.name,
    place: place(span),
    handler: true,
  }
  host.counts.unknown++
  taint(host.shadow, undefined, `the handler '${handler.address}'`)
  const unknown = new Unknown(`may run: ${reason}`)
  if (handler.register !== undefined) host.register(handler.register, unknown)
  // What it would notify may run as well.
  notify({ batch, task: handler, state: host, scope: scopeFor(batch, host, handler) }, undecided(unknown))
  batch.emit({
    type: 'host.end',
    task,
    host: host.name,
    status: 'unknown',
    changes: [],
    unknown: unknown.reason,
    ms: 0,
  })
}
