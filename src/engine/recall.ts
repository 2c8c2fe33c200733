import { Failure, Mistake, Unreachable } from '../core/diagnostic.ts'
import { place } from '../core/span.ts'
import type { Handler, Task } from '../playbook/model.ts'
import { lookAhead } from './ahead.ts'
import type { BatchContext } from './context.ts'
import { siteOf } from './ground.ts'
import type { HostState } from './host.ts'
import { identityKey, recall } from './ledger.ts'
import type { Site } from './site.ts'
import { restAfter, sectionsOf, upcoming } from './upcoming.ts'
import { scopeFor } from './variables.ts'

/** Before a batch begins: what earlier runs owe its hosts. Only plays that have handlers can pay. */
export async function recallOwed(batch: BatchContext, hosts: readonly HostState[] = batch.batch): Promise<void> {
  const [handler] = batch.handlers
  if (!handler) return
  const one = async (state: HostState) => {
    if (batch.deps.signal.aborted) return
    try {
      const notifiers = batch.handlers.length + batch.notifiers.length
      if (!state.mustRecall && state.recalledFor === notifiers) return
      for (const site of sitesOf(batch, state)) await recall(batch, state, site)
      state.mustRecall = false
      state.recalledFor = notifiers
    } catch (error) {
      giveUp(batch, handler, { state, error })
    }
  }
  await Promise.all(hosts.map(state => batch.forks.add(() => one(state))))
}

/** As each of those who may have noted what is owed, and have not been asked yet: a note lies with whoever's task notified. */
function* sitesOf(batch: BatchContext, state: HostState): Generator<Site> {
  if (state.mustRecall) {
    state.recalledBy.clear()
    state.owed = []
  }
  const [first, ...others] = [...batch.handlers, ...batch.notifiers] as [Handler, ...Task[]]
  if (state.recalledBy.size === 0) {
    const site = siteBefore(batch, first, state)
    state.recalledBy.add(identityKey(site.identity(state)))
    yield site
  }
  for (const task of others) {
    const site = siteIfKnown(batch, task, state)
    const who = site && identityKey(site.identity(state))
    if (who === undefined || state.recalledBy.has(who)) continue
    state.recalledBy.add(who)
    yield { ...site!, ahead: undefined }
  }
}

/** Undefined where only its turn can tell as whom it acts: by what a task before it registers. */
function siteIfKnown(batch: BatchContext, task: Task, state: HostState): Site | undefined {
  try {
    const site = siteBefore(batch, task, state)
    site.identity(state)
    return site
  } catch (error) {
    if (error instanceof Mistake || error instanceof Failure) return undefined
    throw error
  }
}

/** Its turn comes before any task's: to whom one delegates, and in what environment, says nothing here. */
function siteBefore(batch: BatchContext, notifier: Task, state: HostState): Site {
  const task = { ...notifier, keywords: { ...notifier.keywords, delegate_to: undefined, environment: [] } }
  const site = siteOf({ batch, task, state, scope: scopeFor(batch, state, task) })
  const sections = sectionsOf(batch.play)
  const coming = () => upcoming({ items: sections[0]!, from: 0, after: restAfter(sections, 0) }, state)
  const ahead = () => lookAhead({ batch, state, coming: coming() }, site)
  return { ...site, fresh: false, ...(batch.options.lookAhead ? { ahead } : {}) }
}

/** A host that cannot even be asked what it is owed does nothing in this play. */
function giveUp(batch: BatchContext, handler: Handler, { state, error }: { state: HostState; error: unknown }): void {
  if (error instanceof Unreachable) {
    state.unreachable = true
    batch.emit({ type: 'host.unreachable', host: state.name, diagnostic: { ...error.diagnostic, host: state.name } })
    return
  }
  const said = error instanceof Mistake ? error.diagnostics[0] : error instanceof Failure ? error.diagnostic : undefined
  if (!said) throw error
  if (said.code === 'cancelled' && batch.deps.signal.aborted) return
  state.failed = true
  state.counts.failed++
  const task = {
    id: batch.nextTask(),
    name: 'What earlier runs owe',
    module: 'handlers',
    play: batch.play.name,
    place: place(handler.span),
    handler: true,
  }
  const diagnostic = { ...said, host: state.name }
  batch.emit({ type: 'host.end', task, host: state.name, status: 'failed', changes: [], diagnostic, ms: 0 })
}
