import fc from 'fast-check'
import { printBytes } from '../../../src/core/sh.ts'
import { places, units } from '../../../src/modules/pi/swap-mechanisms.ts'
import { fileAnswer, marked, unitAnswer } from '../gen/answers.ts'
import type { Trial } from '../trial.ts'
import type { Cases } from './cases.ts'

const fstabText = fc.constantFrom(
  '/dev/sda1 / ext4 defaults 0 1\n',
  '/dev/sda1 / ext4 defaults 0 1\n/swapfile none swap sw 0 0\n',
  '# swap is off: /swapfile none swap sw 0 0\n',
  'UUID=1-2  none\tswap sw 0 0',
)
const swaps = fc.subarray([
  { name: '/var/swap', kind: 'file', sizeKb: 100 },
  { name: '/swapfile', kind: 'file', sizeKb: 100 },
  { name: '/dev/zram0', kind: 'partition', sizeKb: 100 },
  { name: '/dev/sda5', kind: 'partition', sizeKb: 100 },
])
const swapUnits = ['var-swap.swap', 'swapfile.swap', 'dev-zram0.swap', 'dev-sda5.swap']

export const swap: Cases = {
  module: 'swap',
  lab: fstabText.map(
    (text): Trial => ({
      found: `rm -rf /run/pitool/reboot-required; ${printBytes(text.replace('/dev/sda1 / ext4', 'none /mnt/law tmpfs').replace('defaults', 'noauto'))} >/etc/fstab; systemctl daemon-reload`,
      tasks: [{ name: 'one', swap: {} }],
    }),
  ),
  answers: fc
    .record({
      'swap.active': swaps,
      mark: marked,
      files: fc.tuple(
        fileAnswer(places.fstab, fstabText),
        fileAnswer(places.dphys, fc.constantFrom('', 'CONF_SWAPFILE=/opt/swap\n')),
        fileAnswer(places.rpi, fc.constant('[Main]\n')),
        fileAnswer(places.rpiOff, fc.constantFrom('', '# Swap is off on this host.\n[Main]\nMechanism=none\n')),
        fileAnswer('/var/swap', fc.constant('swap')),
        fileAnswer('/opt/swap', fc.constant('swap')),
      ),
      units: fc.tuple(...[...new Set([...units, ...swapUnits])].map(name => unitAnswer(name))),
    })
    .map(({ files, units, ...answers }) => ({
      args: {},
      answers: {
        ...answers,
        ...Object.fromEntries(files.map(file => [`file ${file.path}`, file])),
        ...Object.fromEntries(units.map(unit => [`unit ${unit.name}`, unit])),
      },
    })),
}
