import type { Connection } from '../core/connection.ts'
import { Failure } from '../core/diagnostic.ts'
import { errText, type Section } from '../core/section.ts'
import type { Carrying } from './carry.ts'
import type { Step } from './carry-steps.ts'

/** A change that may cut its own branch is confirmed over a new connection; without that it takes itself back. */
export async function confirm(
  { site, explain }: Carrying,
  { kind, change, state }: Step,
  section: Section,
): Promise<void> {
  const confirmation = kind.confirm?.(change, section)
  if (!confirmation) return
  let connection: Connection | undefined
  try {
    // A change that waits to be confirmed is not done yet: only what ends changes calls this off.
    const { signal } = site.carrying
    connection = await state.dialAnew(signal)
    const shell = await connection.shell(site.identity(state))
    const [answer] = await shell.frame([confirmation.script], { signal, timeout: confirmation.timeout })
    if (answer!.code !== 0)
      throw new Failure(explain(answer!) ?? { code: 'network-rolled-back', message: errText(answer!).trim() })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw unconfirmed({ kind, change, state }, error)
  } finally {
    if (connection) state.tally(connection)
    await connection?.close().catch(() => undefined)
  }
}

export function unconfirmed({ kind, change, state }: Pick<Step, 'kind' | 'change' | 'state'>, error: Failure): Failure {
  return new Failure({
    code: 'network-rolled-back',
    message: `${kind.diff(change).summary}: not confirmed over a new connection; the host takes it back by itself`,
    host: state.name,
    cause: error.diagnostic.message,
    hint: 'check the values: with them the host could no longer be reached',
  })
}
