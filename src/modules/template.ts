import { defineModule } from '../core/module.ts'
import { ask, askAll } from '../core/question.ts'
import { fileText } from '../questions/file.ts'
import { localTemplate } from '../questions/local.ts'
import { failed } from './failed.ts'
import { deliver, deliveryPlan } from './files/deliver.ts'
import { absolutePath, writingArgs } from './files/schema.ts'

export const template = defineModule({
  name: 'template',
  summary: 'Render a Handlebars template of the project into a file on the host.',
  args: {
    type: 'object',
    required: ['src', 'dest'],
    additionalProperties: false,
    properties: {
      src: {
        type: 'string',
        minLength: 1,
        lookup: 'templates',
        description: 'The template, below templates/ of role or project.',
      },
      dest: { ...absolutePath, description: 'The file; with a slash at its end (or a folder there): into it.' },
      force: { type: 'boolean', default: true, description: 'false: what is there already stays as it is.' },
      ...writingArgs,
    },
  },
  returns: { dest: 'the file on the host', src: 'the template', backup_file: 'where the old content was kept' },
  targets: args => [{ facet: 'file', name: args.dest }],
  *plan(args) {
    const { src, dest, owner, group } = args
    const name = src.slice(src.lastIndexOf('/') + 1).replace(/\.hbs$/, '')
    const inside = `${dest.replace(/\/+$/, '')}/${name}`
    const accounts = { owner, group }
    const [content, there] = yield* askAll(localTemplate(src), fileText(dest.endsWith('/') ? inside : dest, accounts))
    const isFolder = there.type === 'directory' && !dest.endsWith('/')
    const file = isFolder ? yield* ask(fileText(inside, accounts)) : there
    if (file.type === 'directory') return failed('refused', `${file.path} is a folder`, 'name a file in it')
    if (args.mode === 'preserve')
      return failed('wrong-value', 'a template has no mode to preserve', "give one, such as '0644'")
    return deliveryPlan(file, deliver({ file, content, wish: args, parents: dest.endsWith('/'), force: args.force }), {
      src,
    })
  },
})
