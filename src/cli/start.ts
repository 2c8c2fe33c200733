import { Failure, Mistake, Unreachable } from '../core/diagnostic.ts'
import { mask } from '../core/secret.ts'
import { renderDiagnostics } from '../report/diagnostic.ts'
import { createPalette, wantsColor } from '../report/palette.ts'
import { drained, isTerminal, toStderr, toStdout } from '../report/streams.ts'
import { dispatch } from './dispatch.ts'
import { exits, signalExit } from './exit.ts'
import { parse } from './parse.ts'

/** Does what the command line says, tells what went wrong, and ends the process with its exit code. */
export async function start(args: readonly string[]): Promise<void> {
  process.on('uncaughtException', error => process.exit(tell(error)))
  const code = await perform(args).catch(tell)
  await drained()
  process.exit(code)
}

async function perform(args: readonly string[]): Promise<number> {
  const parsed = await parse(args)
  if (parsed.kind === 'command') return dispatch(parsed)
  const write = parsed.asked ? toStdout : toStderr
  write(`${parsed.text}\n`)
  return parsed.asked ? exits.well : exits.mistake
}

/** Every error ends here: those of the user and of hosts with place and cure, ours with its stack. */
function tell(error: unknown): number {
  if (error instanceof Mistake) return show(error.diagnostics, exits.mistake)
  if (error instanceof Unreachable) return show([error.diagnostic], exits.unreachable)
  if (error instanceof Failure) return show([error.diagnostic], exits.failed)
  if (error instanceof Error && error.name === 'ExitPromptError') return signalExit('SIGINT')
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  toStderr(mask(`pitool has a bug; please report this:\n${stack}\n`))
  return exits.bug
}

function show(diagnostics: Mistake['diagnostics'], code: number): number {
  const paint = createPalette(wantsColor(process.env, isTerminal('stderr')))
  toStderr(renderDiagnostics(diagnostics, { paint }))
  return code
}
