import { defineModule, unchanged } from '../core/module.ts'

const condition = { type: ['string', 'boolean'], description: 'An expression, without braces.' } as const

/** Done by the engine, which evaluates the expressions in the scope of the task. */
export const assert = defineModule({
  name: 'assert',
  summary: 'Fail the host unless all conditions hold.',
  args: {
    type: 'object',
    required: ['that'],
    additionalProperties: false,
    properties: {
      that: { anyOf: [condition, { type: 'array', items: condition, minItems: 1 }] },
      fail_msg: { type: 'string', secret: true, description: 'What to say when one does not hold.' },
      msg: { type: 'string', secret: true, description: 'The same.' },
      success_msg: { type: 'string', secret: true },
      quiet: { type: 'boolean', default: false },
    },
  },
  freeForm: 'that',
  returns: {
    msg: 'what was said',
    assertion: 'the condition that does not hold',
    evaluated_to: 'false, where one does not hold',
  },
  local: true,
  *plan() {
    return unchanged()
  },
})
