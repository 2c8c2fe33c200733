import { defineModule } from '../core/module.ts'
import { unitName } from '../questions/unit.ts'
import { planSystemd, systemdArgs, systemdReturns } from './units/systemd.ts'

export const systemdService = defineModule({
  name: 'systemd_service',
  summary: 'Another name of `systemd`: Keep a systemd unit started or stopped, at boot and now.',
  args: systemdArgs,
  returns: systemdReturns,
  targets: ({ name }) => (name === undefined ? [] : [{ facet: 'unit', name: unitName(name) }]),
  plan: planSystemd,
})
