import type { Connection, Dialer } from '../../src/core/connection.ts'
import type { Snapshot } from './snapshot.ts'

/** Where trials take place: one host, and a way to see its whole state past pitool. */
export interface World {
  /** The folder that stands for `/law` in trials; empty at the start of each. */
  readonly root: string
  readonly dialer: Dialer
  /** Keywords that the play needs here, such as `become`. */
  readonly play: { readonly [keyword: string]: boolean }
  /** Makes the state that a trial finds, on a cluster that of its server first. Throws where a script fails. */
  prepare(found: string, served?: string): Promise<void>
  snapshot(): Promise<Snapshot>
  /** What lasts of it, without what any two runs differ in, such as processes; where that is not all there is. */
  lasting?(): Promise<Snapshot>
  close(): Promise<void>
}

/** The same connection for all runs of a world: thousands of them need not log in each. */
export function keptOpen(dialer: Dialer): Dialer & { close(): Promise<void> } {
  let kept: Connection | undefined
  return {
    async dial(host, signal) {
      const known = kept
      // A lost one is dialled anew; a second one at the same time is wanted by changes that prove the way in.
      if (known?.alive && !inUse.has(known)) return lent(known)
      const made = await dialer.dial(host, signal)
      if (known?.alive) return made
      kept = made
      return lent(made)
    },
    async close() {
      await kept?.close()
    },
  }
}

const inUse = new WeakSet<Connection>()

function lent(connection: Connection): Connection {
  inUse.add(connection)
  return {
    host: connection.host,
    shell: identity => connection.shell(identity),
    ownShell: identity => connection.ownShell(identity),
    pour: (...poured) => connection.pour(...poured),
    get roundTrips() {
      return connection.roundTrips
    },
    get bytes() {
      return connection.bytes
    },
    get alive() {
      return connection.alive
    },
    close: async () => void inUse.delete(connection),
  }
}
