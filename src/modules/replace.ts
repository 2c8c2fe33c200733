import { defineModule, type Plan } from '../core/module.ts'
import { expand, pattern } from '../core/pattern.ts'
import { type Asking, ask } from '../core/question.ts'
import { reveal, Secret } from '../core/secret.ts'
import { fileText } from '../questions/file.ts'
import { badPattern } from './failed.ts'
import { planEdit } from './files/edit.ts'
import { absolutePath, writingArgs } from './files/schema.ts'

export const replace = defineModule({
  name: 'replace',
  summary: 'Replace all that a pattern matches in a file. Patterns are RE2, and ^ and $ stand for each line.',
  args: {
    type: 'object',
    required: ['path', 'regexp'],
    additionalProperties: false,
    properties: {
      path: { ...absolutePath, aliases: ['dest', 'destfile', 'name'] },
      regexp: { type: 'string', minLength: 1 },
      replace: { type: 'string', secret: true, default: '', description: '\\1 or \\g<name> stands for a group.' },
      after: { type: 'string', description: 'Only what comes after the first match of this pattern.' },
      before: { type: 'string', description: 'Only what comes before the first match of this pattern.' },
      ...writingArgs,
    },
  },
  returns: { msg: 'how many were replaced', backup_file: 'where the old content was kept' },
  targets: args => [{ facet: 'file', name: args.path }],
  *plan(args): Asking<Plan> {
    const { path, owner, group, replace } = args
    const file = yield* ask(fileText(path, { owner, group }))
    try {
      const edit = (text: string) => {
        const done = substitute(text, { ...args, replace: reveal(replace) })
        // With a group in it the secret is not there word for word.
        return { ...done, text: replace instanceof Secret && done.msg !== '' ? new Secret(done.text) : done.text }
      }
      return planEdit({ file, wish: args, create: false, edit })
    } catch (error) {
      return badPattern(error)
    }
  },
})

export interface Substitution {
  readonly regexp: string
  readonly replace: string
  readonly after?: string | undefined
  readonly before?: string | undefined
}

/** The text with all matches replaced, between the first `after` and the first `before` behind it. */
export function substitute(
  text: string,
  { regexp, replace, after, before }: Substitution,
): { text: string; msg: string } {
  const start = after === undefined ? 0 : (pattern(after, { multiline: true }).find(text)?.end ?? text.length)
  const tail = text.slice(start)
  const end = before === undefined ? tail.length : (pattern(before, { multiline: true }).find(tail)?.start ?? 0)
  const section = tail.slice(0, end)
  const matches = pattern(regexp, { multiline: true }).all(section)
  const parts = matches.map(
    (match, i) => section.slice(i === 0 ? 0 : matches[i - 1]!.end, match.start) + expand(replace, match),
  )
  const done = parts.join('') + section.slice(matches.at(-1)?.end ?? 0)
  const whole = text.slice(0, start) + done + tail.slice(end)
  return { text: whole, msg: whole === text ? '' : `${matches.length} replacements made` }
}
