import { defineModule, unchanged } from '../core/module.ts'
import { ask } from '../core/question.ts'
import type { Vars } from '../core/value.ts'
import { fileText } from '../questions/file.ts'
import { failed } from './failed.ts'
import { refusal } from './files/refuse.ts'
import { absolutePath } from './files/schema.ts'

export const slurp = defineModule({
  name: 'slurp',
  summary: 'Bring the content of a file of the host into a variable.',
  args: {
    type: 'object',
    required: ['src'],
    additionalProperties: false,
    properties: { src: absolutePath },
  },
  returns: {
    content: 'the content in base64',
    text: 'the content, where it is UTF-8',
    encoding: 'base64',
    source: 'the path',
  },
  opaque: () => false,
  *plan({ src }) {
    const file = yield* ask(fileText(src))
    const refused = refusal(file)
    if (refused) return refused
    if (file.type !== 'file') return failed('not-found', `there is no file ${src}`)
    if (file.bytes === undefined) return failed('unsupported', `${src} is larger than 1 MiB`)
    const content = Buffer.from(file.bytes).toString('base64')
    const result: Vars = { content, encoding: 'base64', source: src }
    return unchanged(file.text === undefined ? result : { ...result, text: file.text })
  },
})
