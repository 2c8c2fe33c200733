import type { Connection, Identity, Shell } from '../core/connection.ts'
import { identityKey } from './ledger.ts'

interface Ready {
  readonly connection: Connection
  readonly identity: string
  /** How many changes the run had carried anywhere. */
  readonly changes: number
  readonly shell: Promise<Shell>
}

/**
 * A channel for what the coming tasks look at by the user's own words, opened along with the questions before it. It
 * is a login of before: where the run has changed anything since, nobody may have it.
 */
export class Prepared {
  #ready: Ready | undefined

  begin(connection: Connection, identity: Identity, changes: number): void {
    // A run that changes things would throw away most of them.
    if (changes > 0 || this.#ready?.connection === connection) return
    const shell = connection.ownShell(identity, { openNow: true })
    shell.catch(() => undefined)
    this.#ready = { connection, identity: identityKey(identity), changes, shell }
  }

  async take(connection: Connection, identity: Identity, changes: number): Promise<Shell> {
    const ready = this.#ready
    this.#ready = undefined
    const same = ready?.connection === connection && ready.identity === identityKey(identity)
    if (ready && same && ready.changes === changes) return ready.shell
    void ready?.shell.then(shell => shell.close()).catch(() => undefined)
    return connection.ownShell(identity)
  }
}
