import { setTimeout as sleep } from 'node:timers/promises'
import { Failure, ShellLost, Unreachable } from '../core/diagnostic.ts'
import type { BatchContext } from './context.ts'
import type { HostState } from './host.ts'
import type { Site } from './site.ts'

/** How often in one step what was lost is made anew, and for how many seconds it is tried each time. */
export const patience = { losses: 3, seconds: 60 }

/** Whether a failure is of the way to the host, which had been open: it is worth another try. */
export function isLost(error: unknown, state: HostState): error is Failure {
  if (error instanceof ShellLost) return true
  if (!(error instanceof Unreachable)) return false
  return error.diagnostic.code === 'connection-lost' || (error.diagnostic.code === 'unreachable' && state.wasConnected)
}

/** What only looks is done again over a new connection, or in a new shell. */
export async function mended<Result>(site: Site, state: HostState, look: () => Promise<Result>): Promise<Result> {
  for (let losses = 1; ; losses++) {
    try {
      return await look()
    } catch (error) {
      if (!site.mend || !isLost(error, state) || losses > patience.losses) throw error
      await site.mend(state, error)
    }
  }
}

/** Makes anew what was lost, and says so. Throws Unreachable where that cannot be done in time. */
export async function mend({ deps, emit }: BatchContext, state: HostState, lost: Failure): Promise<void> {
  const started = performance.now()
  const { cause = lost.diagnostic.message } = lost.diagnostic
  const say = (message: string) =>
    emit({ type: 'warning', diagnostic: { code: 'connection-lost', message, cause, host: state.name } })
  if (lost instanceof ShellLost) {
    say(`the shell on ${state.name} ended in the middle of its work; another one takes its place`)
    return
  }
  await state.drop()
  for (let tries = 1; ; tries++) {
    try {
      await state.connect()
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      say(`the connection to ${state.name} was lost, and was made anew after ${seconds} s`)
      return
    } catch (error) {
      const left = patience.seconds - (performance.now() - started) / 1000
      if (!isLost(error, state) || left <= 0) {
        state.wasConnected = false
        throw error
      }
      if (tries === 1) say(`the connection to ${state.name} was lost; it is tried for ${patience.seconds} s`)
      // At odd intervals: many hosts behind one switch come back at once.
      const pause = Math.min(5, 2 ** (tries - 1), left) * (0.5 + Math.random() / 2)
      await sleep(pause * 1000, undefined, { signal: deps.signal }).catch(() => undefined)
      if (deps.signal.aborted) throw new Failure({ code: 'cancelled', message: `cancelled on ${state.name}` })
    }
  }
}
