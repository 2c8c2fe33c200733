import type { Change, Outcome } from '../core/change.ts'
import { type Command, commandScript, commandTitle } from '../core/command.ts'
import { commandValues, ran, readResults } from '../core/command-result.ts'
import { Failure } from '../core/diagnostic.ts'
import type { ChangeKind } from './kind.ts'

/** A command of the user's. Its exit code is an outcome, never a failure of the change. */
export interface CommandRun extends Change {
  readonly kind: 'command.run'
  readonly command: Command
  /** `creates` or `removes` tells whether it has done its work. */
  readonly guarded?: boolean
}

export function runCommand(command: Command, guarded = false): CommandRun {
  return { kind: 'command.run', command, ...(guarded ? { guarded } : {}) }
}

export const commandRun: ChangeKind<CommandRun> = {
  kind: 'command.run',
  carry: ({ command }) => ({ script: commandScript(command), own: true }),
  outcome(section, { command }): Outcome {
    const result = readResults(section)[0]
    if (result !== undefined) return commandValues(command, ran(command, result))
    throw new Failure({
      code: 'bad-answer',
      message: `how \`${commandTitle(command)}\` ended is lost: it printed more than is kept of both outputs`,
      hint: 'send what it prints to a file',
    })
  },
  repeatable: ({ guarded = false }) => guarded,
  fold: (shadow, { command }) => shadow.mayAlter(`the command \`${commandTitle(command)}\``),
  diff: ({ command }) => ({ subject: commandTitle(command), summary: `run ${commandTitle(command)}` }),
  footprint: () => 'all',
}
