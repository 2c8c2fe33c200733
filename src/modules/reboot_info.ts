import { defineModule, unchanged } from '../core/module.ts'
import { ask } from '../core/question.ts'
import { mark, rebootRequired } from '../questions/mark.ts'

export const rebootInfo = defineModule({
  name: 'reboot_info',
  summary: 'Tell whether an earlier task noted that the host must be rebooted. Changes nothing.',
  args: { type: 'object', additionalProperties: false, properties: {} },
  returns: { required: 'whether it must be', reasons: 'what made it necessary' },
  // It alters nothing: the name stands for that.
  targets: () => [{ facet: 'value', name: 'reboot_info' }],
  *plan() {
    const noted = yield* ask(mark(rebootRequired))
    return unchanged({ required: noted.set, reasons: noted.set ? noted.reasons : [] })
  },
})
