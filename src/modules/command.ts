import { defineModule, type Plan } from '../core/module.ts'
import type { Asking } from '../core/question.ts'
import { Secret } from '../core/secret.ts'
import { commandArgs, commandReturns, planCommand } from './commands/plan.ts'
import { splitWords } from './commands/words.ts'
import { failed } from './failed.ts'

export const command = defineModule({
  name: 'command',
  summary: 'Run a program, without a shell: no pipes, no `>`, no `*`, no variables.',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      cmd: { type: 'string', secret: true, description: 'Program and arguments in one text, quoted as in a shell.' },
      argv: {
        type: 'array',
        items: { type: 'string', secret: true },
        minItems: 1,
        description: 'Program and arguments as a list: nothing needs quotes.',
      },
      ...commandArgs,
    },
  },
  freeForm: 'cmd',
  returns: commandReturns,
  opaque: args => !args.readonly,
  *plan(args): Asking<Plan> {
    const { cmd, argv } = args
    if ((cmd === undefined) === (argv === undefined)) {
      return failed('wrong-value', 'either `cmd` or `argv` is wanted', 'write `command: program arguments`')
    }
    const secret = cmd instanceof Secret || argv?.some(word => word instanceof Secret)
    if (secret) return shown()
    const words = argv ? (argv as readonly string[]) : splitWords(cmd as string)
    if (words === undefined) return failed('wrong-value', `a quote is not closed in: ${String(cmd)}`)
    if (words.length === 0) return failed('wrong-value', 'there is nothing to run')
    return yield* planCommand({ argv: words }, args)
  },
})

/** Arguments of a program can be read by every user of a host while it runs. */
function shown(): Plan {
  return failed(
    'refused',
    'a secret would stand among the arguments, where every user of the host can read it',
    "give it by `stdin`, by the task's `environment`, or in a file of mode 0600; `shell` with its builtin printf can pipe it",
  )
}
