import { defineModule, unchanged } from '../core/module.ts'

/** Done by the engine. */
export const debug = defineModule({
  name: 'debug',
  summary: 'Show a text or the value of an expression.',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      msg: { description: 'What to show; a value of any kind.' },
      var: { type: 'string', minLength: 1, description: 'An expression, without braces.' },
      verbosity: { type: 'integer', minimum: 0, default: 0, description: 'Shown from this many -v on.' },
    },
  },
  freeForm: 'msg',
  local: true,
  *plan() {
    return unchanged()
  },
})
