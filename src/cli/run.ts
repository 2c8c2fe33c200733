import { errText, outText, type Section } from '../core/section.ts'
import { sh } from '../core/sh.ts'
import { answerWriter, openInventory } from './ad-hoc.ts'
import { type Flags, usage } from './flags.ts'
import { hostsOf } from './select-hosts.ts'
import { visitAll } from './visit-hosts.ts'

/** `pitool run PATTERN -- COMMAND…`: its words reach the command as they are. Gives the exit code. */
export async function run([pattern = 'all', ...command]: readonly string[], flags: Flags): Promise<number> {
  if (command.length === 0)
    throw usage('say what to run: pitool run PATTERN -- COMMAND', 'for example: pitool run all -- uptime')
  const ways = await openInventory(flags)
  const { show, exit } = answerWriter(flags)
  const user = flags.text('become-user')
  const become = user ?? (ways.settings.become ? 'root' : undefined)
  const interrupted = await visitAll({
    hosts: hostsOf(ways.sources.inventory, pattern, flags.text('limit')),
    ways,
    show,
    async visit(connection, signal) {
      const shell = await connection.ownShell({ become })
      try {
        const [section] = await shell.frame([sh`exec ${command}`], { signal })
        return { said: said(section!) }
      } finally {
        await shell.close()
      }
    },
  })
  return interrupted ?? exit()
}

function said(section: Section) {
  return { code: section.code, stdout: outText(section), stderr: errText(section), truncated: section.truncated }
}
