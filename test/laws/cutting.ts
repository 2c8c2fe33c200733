import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, Dialer, Shell } from '../../src/core/connection.ts'
import { Unreachable } from '../../src/core/diagnostic.ts'
import type { Cutting } from './killed.ts'

/** A way in that is lost for good at the n-th change: before it, or while it is carried. */
export function cuttable(dialer: Dialer): { readonly dialer: Dialer; readonly cutting: Cutting } {
  let done = 0
  let fuse: number | undefined
  let cut = false
  // Not one that is tried again: who is killed tries nothing.
  const lost = () => new Unreachable({ code: 'auth-failed', message: 'the control side was killed' })
  /** What of these changes is still carried; undefined: all. */
  const left = (count: number): number | undefined => {
    done += count
    return fuse === undefined || done < fuse ? undefined : count - (done - fuse) - 1
  }
  const sever = async (connection: Connection, last: Promise<unknown> | undefined): Promise<never> => {
    cut = true
    await last?.catch(() => undefined)
    await connection.close()
    // What the dead shell had begun goes on without it for a moment.
    await sleep(last === undefined ? 0 : 500)
    throw lost()
  }
  const shellOf = (connection: Connection, shell: Shell): Shell => ({
    async frame(scripts, options) {
      if (options?.stopOnFailure !== true) return shell.frame(scripts, options)
      const some = left(scripts.length)
      if (some === undefined) return shell.frame(scripts, options)
      // An even step is not begun; in an odd one the shell dies while the change is carried.
      const dying = done % 2 === 1 ? [`( sleep 0.05; kill -9 $$ ) >/dev/null 2>&1 &\n${scripts[some]}`] : []
      const going = [...scripts.slice(0, some), ...dying]
      return sever(connection, going.length > 0 ? shell.frame(going, options) : undefined)
    },
    get epoch() {
      return shell.epoch
    },
    close: () => shell.close(),
  })
  return {
    dialer: {
      async dial(host, signal) {
        if (cut && fuse !== undefined) throw lost()
        const connection = await dialer.dial(host, signal)
        return {
          host,
          shell: async identity => shellOf(connection, await connection.shell(identity)),
          ownShell: async identity => shellOf(connection, await connection.ownShell(identity)),
          pour: async (...poured) => {
            if (left(1) === undefined) return connection.pour(...poured)
            return sever(connection, undefined)
          },
          get roundTrips() {
            return connection.roundTrips
          },
          get bytes() {
            return connection.bytes
          },
          get alive() {
            return connection.alive
          },
          close: () => connection.close(),
        }
      },
    },
    cutting: {
      begin() {
        done = 0
      },
      steps: () => done,
      cutAt(step) {
        done = 0
        fuse = step
        if (step !== undefined) cut = false
      },
      get cut() {
        return cut
      },
    },
  }
}
