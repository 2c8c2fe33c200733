import type { Identity } from '../core/connection.ts'
import { tellsSecret } from '../core/secret.ts'
import type { BatchContext } from './context.ts'
import type { HostState } from './host.ts'

/** Says once a host, before a secret goes through sudo there, that sudo keeps what it is sent. */
export async function warnOfRecord(
  { emit }: BatchContext,
  state: HostState,
  identity: Identity,
  scripts: readonly string[],
): Promise<void> {
  if (identity.become === undefined || !scripts.some(tellsSecret)) return
  state.askedForRecord ??= recorded(state, identity).then(found => {
    if (!found) return
    const message = `sudo on ${state.name} records what it is sent (log_input), secrets too`
    const hint =
      'put `Defaults:USER !log_input` for who logs in at the end of sudoers (`log_output` may stay), and remove what is in /var/log/sudo-io'
    emit({ type: 'warning', diagnostic: { code: 'input-recorded', message, host: state.name, hint } })
  })
  await state.askedForRecord
}

async function recorded(state: HostState, identity: Identity): Promise<boolean> {
  try {
    const connection = await state.connect()
    const found = await connection.recorded?.(identity)
    if (found !== undefined) return found
  } catch {
    // A way that is lost is found out by who uses it.
  }
  // Nothing was learned: the next secret is asked about again.
  state.askedForRecord = undefined
  return false
}
