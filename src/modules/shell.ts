import { defineModule } from '../core/module.ts'
import { commandArgs, commandReturns, planCommand } from './commands/plan.ts'
import { failed } from './failed.ts'

export const shell = defineModule({
  name: 'shell',
  summary: 'Run text by a shell: pipes, redirections, variables. A text with a secret in it never becomes an argument.',
  args: {
    type: 'object',
    required: ['cmd'],
    additionalProperties: false,
    properties: {
      cmd: { type: 'string', secret: true, description: 'The text to run.' },
      executable: {
        type: 'string',
        pattern: '^/',
        expects: 'the absolute path of a shell, such as /bin/bash',
        description: 'The shell; /bin/sh when absent.',
      },
      ...commandArgs,
    },
  },
  freeForm: 'cmd',
  returns: commandReturns,
  opaque: args => !args.readonly,
  *plan(args) {
    if (String(args.cmd).trim() === '') return failed('wrong-value', 'there is nothing to run')
    const { executable } = args
    return yield* planCommand({ text: args.cmd, ...(executable === undefined ? {} : { executable }) }, args)
  },
})
