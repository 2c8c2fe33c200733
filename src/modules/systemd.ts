import { defineModule } from '../core/module.ts'
import { unitName } from '../questions/unit.ts'
import { planSystemd, systemdArgs, systemdReturns } from './units/systemd.ts'

export const systemd = defineModule({
  name: 'systemd',
  summary: 'Keep a systemd unit started or stopped, at boot and now.',
  args: systemdArgs,
  returns: systemdReturns,
  targets: ({ name }) => (name === undefined ? [] : [{ facet: 'unit', name: unitName(name) }]),
  plan: planSystemd,
})
