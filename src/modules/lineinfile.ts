import { defineModule, type Plan, unchanged } from '../core/module.ts'
import { type Asking, ask } from '../core/question.ts'
import { reveal, type Text } from '../core/secret.ts'
import type { Vars } from '../core/value.ts'
import { fileText } from '../questions/file.ts'
import { badPattern, failed } from './failed.ts'
import { asSecretAs, planEdit } from './files/edit.ts'
import { editLines, type LineWish } from './files/lines.ts'
import { absolutePath, writingArgs } from './files/schema.ts'

const anchor = (word: string) => ({
  type: 'string' as const,
  description: `${word} Only where no line is replaced.`,
})

export const lineinfile = defineModule({
  name: 'lineinfile',
  summary: 'Keep one line in a file, or keep it out. Patterns are RE2: no look-around.',
  args: {
    type: 'object',
    required: ['path'],
    additionalProperties: false,
    properties: {
      path: { ...absolutePath, aliases: ['dest', 'destfile', 'name'] },
      line: { type: 'string', secret: true, aliases: ['value'], description: 'The line that shall be there.' },
      state: { enum: ['present', 'absent'], default: 'present' },
      regexp: { type: 'string', description: 'The last line it matches is replaced; with absent: all it matches go.' },
      search_string: { type: 'string', description: 'The same by plain text.' },
      insertafter: anchor('A pattern (the last match counts), or EOF.'),
      insertbefore: anchor('A pattern (the last match counts), or BOF.'),
      backrefs: {
        type: 'boolean',
        default: false,
        description: '\\1 in line stands for a group of regexp; without a match nothing is done.',
      },
      firstmatch: { type: 'boolean', default: false, description: 'The first match counts, not the last.' },
      create: { type: 'boolean', default: false, description: 'Make the file where it is missing.' },
      ...writingArgs,
    },
  },
  returns: {
    msg: 'what was done',
    found: 'lines taken away, with absent',
    backup_file: 'where the old content was kept',
  },
  targets: args => [{ facet: 'file', name: args.path }],
  *plan(args): Asking<Plan> {
    const wrong = contradiction(args)
    if (wrong) return failed('wrong-value', wrong)
    const { path, owner, group, line, state } = args
    const file = yield* ask(fileText(path, { owner, group }))
    if (state === 'absent' && file.type === 'absent') return unchanged({ msg: 'the file is not there', found: 0 })
    const wish: LineWish = { ...args, line: line === undefined ? undefined : reveal(line) }
    try {
      const found: Vars =
        state === 'absent' && file.text !== undefined ? { found: editLines(file.text, wish).found ?? 0 } : {}
      const edit = (text: string) => {
        const done = editLines(text, wish)
        return { ...done, text: asSecretAs(done.text, line) }
      }
      return planEdit({ file, wish: args, create: args.create, edit }, found)
    } catch (error) {
      return badPattern(error)
    }
  },
})

interface Args {
  readonly state: 'present' | 'absent'
  readonly line?: Text | undefined
  readonly regexp?: string | undefined
  readonly search_string?: string | undefined
  readonly insertafter?: string | undefined
  readonly insertbefore?: string | undefined
  readonly backrefs: boolean
}

/** Which arguments do not go together; undefined where they do. */
function contradiction({
  state,
  line,
  regexp,
  search_string,
  insertafter,
  insertbefore,
  backrefs,
}: Args): string | undefined {
  if (regexp !== undefined && search_string !== undefined) return 'give `regexp` or `search_string`, not both'
  if (insertafter !== undefined && insertbefore !== undefined) return 'give `insertafter` or `insertbefore`, not both'
  if (backrefs && regexp === undefined) return '`backrefs` needs `regexp`'
  if (state === 'present' && line === undefined) return '`line` is needed with state: present'
  if (state === 'absent' && line === undefined && regexp === undefined && search_string === undefined) {
    return 'with state: absent one of `line`, `regexp`, `search_string` is needed'
  }
  return line !== undefined && /\n./s.test(reveal(line))
    ? '`line` is one line: use `blockinfile` for several'
    : undefined
}
