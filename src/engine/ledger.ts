import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Change } from '../core/change.ts'
import type { Identity } from '../core/connection.ts'
import { Failure, ShellLost } from '../core/diagnostic.ts'
import type { Owed } from '../core/owed.ts'
import { ask } from '../core/question.ts'
import { sha256 } from '../core/sha256.ts'
import { place } from '../core/span.ts'
import { Unknown } from '../core/unknown.ts'
import type { Handler } from '../playbook/model.ts'
import { OutcomeUnknown } from './again.ts'
import { carryAll } from './carry.ts'
import type { BatchContext } from './context.ts'
import { drive } from './drive.ts'
import type { HostState } from './host.ts'
import { mend } from './mend.ts'
import { type Site, stateOf } from './site.ts'

export function identityKey({ become }: Identity): string {
  return become ?? ''
}

/** What goes before a task's changes: the lock of each host they touch, where this run has it not yet. */
export function locks(batch: BatchContext, site: Site, changes: readonly Change[]): readonly Change[] {
  const states = new Set(changes.map(change => stateOf(site, change.on)))
  return [...states]
    .filter(state => !state.holds(identityKey(site.identity(state))))
    .map(state => ({ kind: 'lock.take', holder: batch.options.holder, ...onOf(site, state) }) as Change)
}

/** Remembers a lock that has been taken, or a note that has been written, or may have been. */
export function noteLedger(site: Site, change: Change, doubtful = false): void {
  const state = stateOf(site, change.on)
  const identity = site.identity(state)
  if (change.kind === 'lock.take') doubtful ? state.mayHold(identity) : state.hold(identity)
  if (change.kind !== 'pending.mark') return
  const { id, address } = JSON.parse((change as Change & { readonly note: string }).note) as Owed
  state.remember(address, { id, identity, doubtful })
}

/** The notes of the handlers a task will notify, written on its own host before its changes. */
export function marks(
  batch: BatchContext,
  site: Site,
  owing: { state: HostState; handlers: readonly Handler[]; by: string },
): readonly Change[] {
  const { state, handlers, by } = owing
  return handlers
    .filter(handler => state.marked.get(handler.address)?.doubtful !== false)
    .map(handler => {
      const owed = { ...owedBy(batch, handler), by }
      return { kind: 'pending.mark', id: owed.id, note: JSON.stringify(owed), ...onOf(site, state) } as Change
    })
}

function owedBy(batch: BatchContext, handler: Handler): Owed {
  const { play, project } = batch
  const about = {
    project: basename(project.settings.root),
    playbook: play.span.source.file,
    play: play.name,
    address: handler.address,
  }
  const id = sha256(JSON.stringify(about)).slice(0, 32)
  return { ...about, id, digest: definitionOf(handler), run: batch.options.run }
}

/** Tells an edited handler from the one that was notified. */
function definitionOf(handler: Handler): string {
  const { source, start, end } = handler.args.span
  return createHash('sha256')
    .update(`${handler.module} ${source.text.slice(start, end)}`)
    .digest('hex')
    .slice(0, 16)
}

function onOf(site: Site, state: HostState): { readonly on?: string } {
  return state === site.acting ? {} : { on: state.name }
}

/** Forgets notes on a host: their handlers ran, or what owed them did nothing. */
export async function forget(
  batch: BatchContext,
  site: Site,
  owing: { state: HostState; addresses: readonly string[] },
): Promise<void> {
  const { state, addresses } = owing
  const noted = addresses.flatMap(address => state.marked.get(address) ?? [])
  if (noted.length === 0) return
  const [first] = noted as [(typeof noted)[number], ...typeof noted]
  // A note is cleared in a moment, and belongs to what has just been done.
  const carrying = { signal: site.carrying.signal, timeout: 10 }
  const there: Site = { ...site, acting: state, identity: () => first.identity, carrying }
  const clear = { kind: 'pending.clear', ids: noted.map(note => note.id) } as Change
  try {
    await clearNotes(batch, there, clear)
  } catch (error) {
    // A note that stays costs the next run a handler too many; a lost one would cost a handler.
    if (error instanceof Failure) return
    throw error
  }
  for (const address of addresses) state.marked.delete(address)
}

/** Clearing twice does no harm. */
async function clearNotes(batch: BatchContext, there: Site, clear: Change): Promise<void> {
  const once = () => carryAll({ site: there, explain: batch.deps.explain }, [clear])
  await once().catch(async error => {
    if (!(error instanceof OutcomeUnknown)) throw error
    await mend(batch, there.acting, error.scene.lost)
    await once()
  })
}

/** Asks a host, before the play's first task, which handlers earlier runs owe it, as one of those who may have noted it; those of this play are notified. */
export async function recall(batch: BatchContext, state: HostState, site: Site): Promise<void> {
  const asked = ask<readonly Owed[]>({ kind: 'pending', key: '', arg: null })
  const driven = await drive({ ...site, predicting: false }, asked)
  // What a run that is still at work owes it will pay itself.
  const isOwed = ({ atWork, run }: Owed) => atWork !== true || run === batch.options.run
  // What this run has noted itself is notified already.
  const isOwn = ({ id, address, run }: Owed) => {
    const noted = state.marked.get(address)
    return run === batch.options.run && noted?.id === id && noted.doubtful === false
  }
  const found = driven instanceof Unknown ? [] : driven.result.filter(owed => isOwed(owed) && !isOwn(owed))
  const known = new Set(state.owed.map(({ id }) => id))
  state.owed = [...state.owed, ...found.filter(({ id }) => !known.has(id))]
  const identity = site.identity(state)
  for (const owed of found) state.remember(owed.address, { id: owed.id, identity })
  claim(batch, state)
}

/** Notifies the play's handlers that are owed; called again when an include has brought more handlers. */
export function claim(batch: BatchContext, state: HostState): void {
  for (const handler of batch.handlers) {
    const mine = owedBy(batch, handler)
    const owed = state.owed.find(note => note.id === mine.id)
    if (!owed) continue
    state.owed = state.owed.filter(note => note !== owed)
    state.notified.set(handler.address, 'sure')
    const { by } = owed
    if (by !== undefined && batch.notifiers.some(({ span }) => place(span) === by))
      state.owedBy.set(handler.address, by)
    const edited = owed.digest === mine.digest ? '' : '; its definition has been edited since'
    const message = `the handler '${handler.address}' is owed by run ${owed.run}, which has not come to it${edited}`
    batch.emit({ type: 'warning', diagnostic: { code: 'handler-owed', message, host: state.name, span: handler.span } })
  }
}

/** What no play of this run has claimed. */
export function unclaimed(state: HostState): readonly string[] {
  return state.owed.map(({ address, play, playbook }) => `'${address}' of the play '${play}' in ${playbook}`)
}

/** Gives back the locks that this run has on a host, and takes away one whose holder is gone. A host that cannot be told any more has lost its shells, and so the locks. */
export async function unlock(
  { kinds, options, deps }: Pick<BatchContext, 'kinds' | 'options' | 'deps'>,
  state: HostState,
): Promise<void> {
  const release = kinds.changes.get('lock.release')
  if (!release) return
  const seconds = deps.force?.aborted ? 5 : 10
  for (const identity of state.locks) {
    const { script } = release.carry({ kind: 'lock.release', holder: options.holder } as Change)
    const once = async () => (await state.shell(identity)).frame([script], { timeout: seconds })
    try {
      // That the shell was killed while it had nothing to do may show only now.
      await soon(() => once().catch(error => (error instanceof ShellLost ? once() : Promise.reject(error))), seconds)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
    }
  }
}

/** A host that does not answer in time is left: its lock ends with its shell. */
async function soon(work: () => Promise<unknown>, seconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>(resolve => {
    timer = setTimeout(resolve, seconds * 1000)
  })
  const done = work()
  done.catch(() => undefined)
  await Promise.race([done, late]).finally(() => clearTimeout(timer))
}
