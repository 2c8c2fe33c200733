import { defineModule, unchanged } from '../core/module.ts'

/** Done by the engine: the values are registered for the host under their names. */
export const setFact = defineModule({
  name: 'set_fact',
  summary: 'Set variables of the host for the rest of the run.',
  args: {
    type: 'object',
    properties: {
      cacheable: { type: 'boolean', default: false, description: 'Taken for the sake of Ansible; nothing is kept.' },
    },
    additionalProperties: true,
  },
  returns: { ansible_facts: 'the variables that were set' },
  local: true,
  *plan() {
    return unchanged()
  },
})
