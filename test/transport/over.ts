import { outText } from '../../src/core/section.ts'
import { createDialer } from '../../src/transport/dialer.ts'
import type { SshTarget } from '../../src/transport/target.ts'

export const dial = (target: SshTarget) => createDialer(() => target).dial('n1')

/** What a script prints over a connection of its own. */
export async function over(target: SshTarget, script: string): Promise<string> {
  const connection = await dial(target)
  try {
    return outText((await (await connection.shell({})).frame([script]))[0]!)
  } finally {
    await connection.close()
  }
}
