import { answerWriter, openInventory } from './ad-hoc.ts'
import type { Flags } from './flags.ts'
import { hostsOf } from './select-hosts.ts'
import { visitAll } from './visit-hosts.ts'

/** `pitool ping [PATTERN]`: logs in everywhere, and becomes root with --become. Gives the exit code. */
export async function ping([pattern = 'all']: readonly string[], flags: Flags): Promise<number> {
  const ways = await openInventory(flags)
  const { show, exit } = answerWriter(flags)
  const become = ways.settings.become ? 'root' : undefined
  const interrupted = await visitAll({
    hosts: hostsOf(ways.sources.inventory, pattern, flags.text('limit')),
    ways,
    show,
    async visit(connection, signal) {
      const shell = await connection.shell({ become })
      await shell.frame([':'], { signal })
      return {}
    },
  })
  return interrupted ?? exit()
}
