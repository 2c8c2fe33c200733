import { lockReleaseKind } from '../changes/lock-release.ts'
import { Failure } from '../core/diagnostic.ts'
import { errText, outText } from '../core/section.ts'
import { answerWriter, openInventory } from './ad-hoc.ts'
import type { Flags } from './flags.ts'
import { hostsOf } from './select-hosts.ts'
import { visitAll } from './visit-hosts.ts'

/** `pitool unlock PATTERN`: takes root's lock (with --become) or the login user's away, and says whose it was. */
export async function unlock([pattern = 'all']: readonly string[], flags: Flags): Promise<number> {
  const ways = await openInventory(flags)
  const { show, exit } = answerWriter(flags)
  const become = ways.settings.become ? 'root' : undefined
  const { script } = lockReleaseKind.carry({ kind: 'lock.release', force: true })
  const interrupted = await visitAll({
    hosts: hostsOf(ways.sources.inventory, pattern, flags.text('limit')),
    ways,
    show,
    async visit(connection, signal) {
      const shell = await connection.shell({ become })
      const [section] = await shell.frame([script], { signal })
      if (section!.code !== 0)
        throw new Failure({ code: 'change-failed', message: 'the lock could not be removed', cause: errText(section!) })
      const holder = outText(section!).trim()
      return { note: noteOn(holder) }
    },
  })
  return interrupted ?? exit()
}

function noteOn(holder: string): string {
  if (holder === '') return 'was not locked'
  const gone = holder.endsWith('which is gone')
  return `unlocked; it was held by ${holder}${gone ? '' : ', which is at work there still and has no lock any more'}`
}
