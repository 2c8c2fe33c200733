import { setMaxListeners } from 'node:events'
import { cancelled } from './failures.ts'
import { Dropped, droppedFailure } from './login-failure.ts'
import type { SshTarget } from './target.ts'

const attempts = 6

/**
 * A server that hangs up before it has decided has too many callers at once (MaxStartups) or is just booting
 * (pam_nologin): it is called again a few times, at odd intervals, so that hosts do not knock in step.
 */
export async function untilLetIn<L>(target: SshTarget, connect: () => Promise<L>, signal?: AbortSignal): Promise<L> {
  // One signal calls off the dialling of all hosts: many listeners are no leak.
  if (signal) setMaxListeners(0, signal)
  for (let attempt = 1; ; attempt++) {
    if (signal?.aborted) throw cancelled(target.host)
    try {
      return await connect()
    } catch (error) {
      if (!(error instanceof Dropped)) throw error
      if (attempt === attempts) throw droppedFailure(target, error, attempts)
      await pause((0.5 + Math.random()) * 150 * 2 ** (attempt - 1), signal)
    }
  }
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
  })
}
