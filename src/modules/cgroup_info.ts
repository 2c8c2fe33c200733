import { defineModule, unchanged } from '../core/module.ts'
import { ask } from '../core/question.ts'
import { cgroup } from '../questions/cgroup.ts'

export const cgroupInfo = defineModule({
  name: 'cgroup_info',
  summary: 'Tell which control groups the running kernel offers. Changes nothing.',
  args: { type: 'object', additionalProperties: false, properties: {} },
  returns: {
    version: '1 or 2',
    controllers: 'the controllers that are on',
    memory: 'whether memory can be limited, without which k3s does not run',
  },
  // It alters nothing: the name stands for that.
  targets: () => [{ facet: 'value', name: 'cgroup_info' }],
  *plan() {
    const { version, controllers } = yield* ask(cgroup())
    return unchanged({ version, controllers, memory: controllers.includes('memory') })
  },
})
