import { setMark } from '../changes/mark-set.ts'
import { swapOff } from '../changes/swap-off.ts'
import { changed, defineModule, unchanged } from '../core/module.ts'
import { ask, askAll } from '../core/question.ts'
import { fileStat, fileText } from '../questions/file.ts'
import { mark, rebootRequired } from '../questions/mark.ts'
import { activeSwaps } from '../questions/swap-active.ts'
import { unitState } from '../questions/unit.ts'
import {
  dphysSwapfile,
  mechanismParts,
  places,
  type SwapState,
  swapUnitOf,
  units,
  usualSwapfile,
} from './pi/swap-mechanisms.ts'

const reason = 'swap was turned off'

export const swap = defineModule({
  name: 'swap',
  summary:
    'Turn swap off, now and for every boot, by whatever means it is on: dphys-swapfile, rpi-swap, zram-generator, zram-tools, /etc/fstab, units of systemd.',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: { state: { enum: ['off'], default: 'off', description: 'Off is all that can be wished.' } },
  },
  returns: {
    mechanisms: 'what had to be turned off',
    active: 'the swaps that were in use',
    reboot_required: 'whether a reboot is needed until nothing of it is left',
  },
  *plan() {
    const [active, noted, fstab, dphys, usual, rpi, rpiOff, ...states] = yield* askAll(
      activeSwaps(),
      mark(rebootRequired),
      fileText(places.fstab),
      fileText(places.dphys),
      fileStat(usualSwapfile),
      fileStat(places.rpi),
      fileText(places.rpiOff),
      ...units.map(name => unitState(name)),
    )
    const path = dphysSwapfile(dphys.text)
    const swapfile = path === usualSwapfile ? usual : yield* ask(fileStat(path))
    const names = active.map(one => swapUnitOf(one.name))
    const activeUnits = names.length === 0 ? [] : yield* askAll(...names.map(name => unitState(name)))
    const known = new Map(states.map(unit => [unit.name, unit]))
    const state: SwapState = { active, fstab, rpi, rpiOff, swapfile, units: known, activeUnits }
    const parts = mechanismParts(state)
    const devices = active.map(one => one.name)
    const reboots = parts.some(part => part.reboots)
    const result = {
      mechanisms: parts.map(part => part.name),
      active: devices,
      reboot_required: reboots || noted.set,
    }
    const changes = [
      ...(reboots && !noted.reasons.includes(reason) ? [setMark(rebootRequired, reason)] : []),
      ...parts.flatMap(part => part.changes),
      ...(devices.length === 0 ? [] : [swapOff(devices)]),
      // Last: a file in use as swap cannot go before.
      ...parts.flatMap(part => part.after ?? []),
    ]
    return changes.length === 0 ? unchanged(result) : changed(changes, result)
  },
})
