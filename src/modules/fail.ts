import { defineModule } from '../core/module.ts'
import { failed } from './failed.ts'

/** Done by the engine. */
export const fail = defineModule({
  name: 'fail',
  summary: 'Fail the host, with a message.',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: { msg: { type: 'string', secret: true, default: 'Failed as requested from task' } },
  },
  freeForm: 'msg',
  local: true,
  *plan({ msg }) {
    return failed('task-failed', String(msg))
  },
})
