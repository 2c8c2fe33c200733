import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../core/diagnostic.ts'
import { Interrupted } from './interrupted.ts'
import type { TaskOutcome } from './outcome.ts'
import type { Attempt } from './show.ts'

/** Waits for a host that another run has locked, as long as the user said; then all is looked at again. */
export async function whenUnlocked(at: Attempt, act: () => Promise<TaskOutcome>): Promise<TaskOutcome> {
  const { deps, options } = at.batch
  const started = performance.now()
  for (;;) {
    try {
      return await act()
    } catch (error) {
      const elapsed = (performance.now() - started) / 1000
      const locked = error instanceof Failure && error.diagnostic.code === 'host-locked'
      if (!locked || elapsed >= options.waitLock) throw error
      at.onWait(`another run: ${error.diagnostic.cause ?? ''}`, elapsed)
      // Whoever has it is changing what was looked at before.
      for (const host of at.batch.hosts.values()) host.answers.drop('all')
      at.state.mustRecall = true
      await sleep(1000, undefined, { signal: deps.signal }).catch(() => undefined)
      if (deps.signal.aborted) throw new Interrupted('given-up', 'interrupted while waiting for another run')
    }
  }
}
