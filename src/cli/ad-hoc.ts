import { loadInventory, readExtraVars } from '../playbook/index.ts'
import { type HostAnswer, renderAnswer } from '../report/answers.ts'
import { renderJsonLine } from '../report/ndjson.ts'
import { createPalette, wantsColor } from '../report/palette.ts'
import { isTerminal, toStdout } from '../report/streams.ts'
import { exits } from './exit.ts'
import type { Flags } from './flags.ts'
import { readPasswords } from './password.ts'
import { openDisk } from './secret-keys.ts'
import { settingsFrom } from './settings.ts'
import type { Ways } from './targets.ts'

/** The inventory and the ways to its hosts, for commands without a playbook. Throws a Mistake. */
export async function openInventory(flags: Flags): Promise<Ways> {
  const settings = settingsFrom(flags)
  const disk = await openDisk(flags)
  const sources = {
    inventory: loadInventory(settings, disk),
    extra: readExtraVars(flags.list('extra-vars'), process.cwd(), disk),
  }
  return { sources, settings, passwords: await readPasswords(flags) }
}

/** Shows answers as they come, and keeps the worst for the exit code. */
export function answerWriter(flags: Flags): { show(answer: HostAnswer): void; exit(): number } {
  const json = flags.choice('output', ['human', 'ndjson']) === 'ndjson'
  const paint = createPalette(wantsColor(process.env, isTerminal('stdout')))
  let worst: number = exits.well
  return {
    show(answer) {
      worst = worse(worst, exitOf(answer))
      toStdout(
        json ? renderJsonLine({ type: 'host.answer', ...answer }) : `${renderAnswer(answer, paint).join('\n')}\n`,
      )
    },
    exit: () => worst,
  }
}

function exitOf({ said, diagnostic, unreachable }: HostAnswer): number {
  if (diagnostic) return unreachable ? exits.unreachable : exits.failed
  return said === undefined || said.code === 0 ? exits.well : exits.failed
}

/** A failure outweighs a host out of reach, as in `play`. */
function worse(a: number, b: number): number {
  const order: readonly number[] = [exits.well, exits.unreachable, exits.failed]
  return order.indexOf(b) > order.indexOf(a) ? b : a
}
