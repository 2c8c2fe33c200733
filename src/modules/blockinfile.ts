import { defineModule, type Plan, unchanged } from '../core/module.ts'
import { type Asking, ask } from '../core/question.ts'
import { reveal } from '../core/secret.ts'
import { fileText } from '../questions/file.ts'
import { badPattern, failed } from './failed.ts'
import { editBlock } from './files/block.ts'
import { asSecretAs, planEdit } from './files/edit.ts'
import { absolutePath, writingArgs } from './files/schema.ts'

export const blockinfile = defineModule({
  name: 'blockinfile',
  summary: 'Keep a block of lines between two marks in a file, or keep it out.',
  args: {
    type: 'object',
    required: ['path'],
    additionalProperties: false,
    properties: {
      path: { ...absolutePath, aliases: ['dest', 'destfile', 'name'] },
      block: { type: 'string', secret: true, default: '', description: 'The lines; empty takes the block away.' },
      state: { enum: ['present', 'absent'], default: 'present' },
      marker: {
        type: 'string',
        pattern: '\\{mark\\}',
        expects: 'a line with {mark} in it',
        default: '# {mark} ANSIBLE MANAGED BLOCK',
        description: 'The marks around it, as Ansible has them; {mark} stands for BEGIN and END.',
      },
      marker_begin: { type: 'string', default: 'BEGIN' },
      marker_end: { type: 'string', default: 'END' },
      insertafter: { type: 'string', description: 'A pattern (the last match counts), or EOF.' },
      insertbefore: { type: 'string', description: 'A pattern (the last match counts), or BOF.' },
      prepend_newline: { type: 'boolean', default: false, description: 'An empty line above a new block.' },
      append_newline: { type: 'boolean', default: false, description: 'An empty line below a new block.' },
      create: { type: 'boolean', default: false, description: 'Make the file where it is missing.' },
      ...writingArgs,
    },
  },
  returns: { msg: 'what was done', backup_file: 'where the old content was kept' },
  targets: args => [{ facet: 'file', name: args.path }],
  *plan(args): Asking<Plan> {
    const { path, owner, group, block, state } = args
    if (args.insertafter !== undefined && args.insertbefore !== undefined) {
      return failed('wrong-value', 'give `insertafter` or `insertbefore`, not both')
    }
    const file = yield* ask(fileText(path, { owner, group }))
    const gone = state === 'absent' || reveal(block) === ''
    if (gone && file.type === 'absent') return unchanged({ msg: 'the file is not there' })
    try {
      const edit = (text: string) => {
        const done = editBlock(text, { ...args, block: reveal(block) })
        return { ...done, text: asSecretAs(done.text, gone ? undefined : block) }
      }
      return planEdit({ file, wish: args, create: args.create, edit })
    } catch (error) {
      return badPattern(error)
    }
  },
})
