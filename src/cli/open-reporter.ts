import { createHuman } from '../report/human.ts'
import { createNdjson } from '../report/ndjson.ts'
import { wantsColor } from '../report/palette.ts'
import type { Reporter } from '../report/reporter.ts'
import { isTerminal, toStdout } from '../report/streams.ts'
import type { Flags } from './flags.ts'

/** The reporter that the command line asks for, on standard output. Throws a Mistake. */
export async function openReporter(flags: Flags): Promise<Reporter> {
  if (flags.choice('output', ['human', 'ndjson']) === 'ndjson') return createNdjson(toStdout)
  const terminal = isTerminal('stdout') && process.env.TERM !== 'dumb'
  const live = terminal ? (await import('../report/live.ts')).createLive(toStdout) : undefined
  const color = wantsColor(process.env, terminal)
  return createHuman({ write: toStdout, color, diff: flags.on('diff'), verbosity: flags.count('verbose'), live })
}
