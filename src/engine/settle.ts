import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome } from '../core/change.ts'
import { Failure, Unreachable } from '../core/diagnostic.ts'
import type { Settle, Settled } from '../core/module.ts'
import { Unknown } from '../core/unknown.ts'
import type { Vars } from '../core/value.ts'
import { drive } from './drive.ts'
import type { Site } from './site.ts'

export interface Waiting {
  readonly outcomes: readonly Outcome[]
  readonly signal: AbortSignal
  onWait(what: string, elapsed: number): void
}

/** Looks again and again until it has come true; the last look names the cause. */
export async function settleDown(site: Site, settle: Settle, waiting: Waiting): Promise<Vars> {
  const start = performance.now()
  for (;;) {
    const elapsed = (performance.now() - start) / 1000
    const last = elapsed >= settle.within
    const settled = await look(site, settle, { ...waiting, elapsed, last })
    if ('done' in settled) return settled.result ?? {}
    if (last) throw new Failure(overdue(settle, settled.waiting))
    // While this host was waited for, every host may have become another one.
    site.spoil(site.acting, 'all')
    waiting.onWait(settled.waiting, elapsed)
    const pause = Math.min(settle.every ?? 2, Math.max(0, settle.within - elapsed))
    await sleep(pause * 1000, undefined, { signal: waiting.signal }).catch(() => undefined)
    if (waiting.signal.aborted)
      throw new Failure({ code: 'cancelled', message: `cancelled while waiting for ${settle.what}` })
  }
}

async function look(site: Site, settle: Settle, at: Waiting & { elapsed: number; last: boolean }): Promise<Settled> {
  try {
    const driven = await drive(
      { ...site, fresh: true, ...(settle.reconnects ? { mend: undefined } : {}) },
      settle.look({ outcomes: at.outcomes, elapsed: at.elapsed, last: at.last }),
    )
    return driven instanceof Unknown ? { waiting: driven.reason } : driven.result
  } catch (error) {
    if (!(error instanceof Unreachable) || !settle.reconnects) throw error
    await site.acting.drop()
    if (at.last) throw error
    return { waiting: `${settle.what} (${error.diagnostic.message})` }
  }
}

function overdue(settle: Settle, waiting: string) {
  const message = `${settle.what} did not come true within ${settle.within} s: ${waiting}`
  return { code: 'wait-timeout', message, hint: 'look at the host, or allow more time' } as const
}
