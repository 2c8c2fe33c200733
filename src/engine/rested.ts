import type { Connection, Identity, Shell } from '../core/connection.ts'
import { identityKey } from './ledger.ts'

/**
 * The channel that quiet work had for itself, for the next of that kind: no other login, no other sudo. Only as long as
 * nothing else is done to the host: accounts, limits and environments are those of the login.
 */
export class Rested {
  #kept: { readonly connection: Connection; readonly identity: string; readonly shell: Shell } | undefined

  async take(connection: Connection, identity: Identity): Promise<Shell> {
    const kept = this.#kept
    if (kept?.connection !== connection || kept.identity !== identityKey(identity)) return connection.ownShell(identity)
    this.#kept = undefined
    return kept.shell
  }

  keep(connection: Connection, identity: Identity, shell: Shell): void {
    this.end()
    this.#kept = { connection, identity: identityKey(identity), shell }
  }

  /** Their ends are not waited for: what comes next has other channels. */
  end(): void {
    const kept = this.#kept
    this.#kept = undefined
    void kept?.shell.close().catch(() => undefined)
  }
}
