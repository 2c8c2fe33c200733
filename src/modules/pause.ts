import { defineModule, type Settled, unchanged } from '../core/module.ts'
import type { Asking } from '../core/question.ts'

export const pause = defineModule({
  name: 'pause',
  summary: 'Wait for a time.',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      seconds: { type: 'number', minimum: 0, default: 0 },
      minutes: { type: 'number', minimum: 0, default: 0 },
    },
  },
  returns: { delta: 'seconds waited' },
  *plan({ seconds, minutes }) {
    const within = seconds + minutes * 60
    const what = `${within} s to pass`
    return unchanged(
      { delta: within },
      {
        settle: {
          what,
          within,
          every: within,
          *look({ elapsed, last }): Asking<Settled> {
            return last || elapsed >= within ? { done: true } : { waiting: what }
          },
        },
      },
    )
  },
})
