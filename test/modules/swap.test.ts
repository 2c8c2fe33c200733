import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/core/change.ts'
import { swapNames, withoutSwap } from '../../src/modules/pi/fstab.ts'
import { dphysSwapfile, places, swapUnitOf, units } from '../../src/modules/pi/swap-mechanisms.ts'
import { swap } from '../../src/modules/swap.ts'
import { type FileAnswer, fileStat, fileText } from '../../src/questions/file.ts'
import { mark, rebootRequired } from '../../src/questions/mark.ts'
import { activeSwaps } from '../../src/questions/swap-active.ts'
import { type UnitAnswer, unitState } from '../../src/questions/unit.ts'
import { aFile, aUnit, noFile, noUnit, unmarked } from './found.ts'
import { planWith, says } from './plan-with.ts'

interface Host {
  readonly files?: readonly FileAnswer[]
  readonly units?: readonly UnitAnswer[]
  readonly active?: readonly string[]
}

function plan({ files = [], units: there = [], active = [] }: Host) {
  const file = (path: string) => files.find(one => one.path === path) ?? noFile(path)
  const unit = (name: string) => there.find(one => one.name === name) ?? noUnit(name)
  const names = [...units, ...active.map(swapUnitOf)]
  return planWith(swap, {}, [
    says(
      activeSwaps(),
      active.map(name => ({ name, kind: 'file' as const, sizeKb: 1024 })),
    ),
    says(mark(rebootRequired), unmarked),
    ...[places.fstab, places.dphys, places.rpiOff].map(path => says(fileText(path), file(path))),
    ...['/var/swap', '/srv/swap', places.rpi].map(path => says(fileStat(path), file(path))),
    ...names.map(name => says(unitState(name), unit(name))),
  ])
}

const told = (changes: readonly Change[]) =>
  changes.map(change => {
    const { kind, name, path, masked, enabled, state, devices } = change as Change & Record<string, unknown>
    const words = [kind, name ?? path, masked && 'mask', enabled === false && 'disable', state, devices]
    return words.filter(word => word).join(' ')
  })

describe('swap', () => {
  it('a host without any is left alone', () => {
    expect(plan({})).toMatchObject({ changes: [], result: { changed: false, mechanisms: [], reboot_required: false } })
  })
  it('dphys-swapfile: stopped, disabled, swapped off, and its file removed last', () => {
    const host = {
      units: [aUnit('dphys-swapfile.service', { sub: 'exited' })],
      files: [aFile('/var/swap', 'x')],
      active: ['/var/swap'],
    }
    expect(told(plan(host).changes)).toEqual([
      'unit.set dphys-swapfile.service disable stopped',
      'swap.off /var/swap',
      'file.remove /var/swap',
    ])
  })
  it('dphys-swapfile with a file of its own', () => {
    const files = [aFile(places.dphys, 'CONF_SWAPSIZE=100\nCONF_SWAPFILE=/srv/swap\n'), aFile('/srv/swap', 'x')]
    expect(told(plan({ files }).changes)).toEqual(['file.remove /srv/swap'])
  })
  it('an init script stays `generated` when disabled, so it is masked', () => {
    const unit = aUnit('dphys-swapfile.service', { enabled: 'generated', active: 'inactive' })
    expect(told(plan({ units: [unit] }).changes)).toEqual(['unit.set dphys-swapfile.service mask'])
    expect(plan({ units: [{ ...unit, masked: true, load: 'masked', enabled: 'masked' }] }).changes).toEqual([])
  })
  const trixie = [
    aUnit('systemd-zram-setup@zram0.service', { enabled: 'static', sub: 'exited' }),
    aUnit('dev-zram0.swap', { enabled: 'generated', fragmentPath: '/run/systemd/generator/dev-zram0.swap' }),
    aUnit('rpi-zram-writeback.timer'),
    aUnit('rpi-zram-writeback.service', { enabled: 'static', active: 'inactive' }),
    aUnit('rpi-resize-swap-file.service', { active: 'inactive' }),
  ]
  const noRpiOff = noFile(places.rpiOff, ['/etc/rpi/swap.conf.d'])
  it('Trixie: rpi-swap is turned off by its own configuration, masked, and noted for a reboot', () => {
    const host = { files: [aFile(places.rpi, ''), noRpiOff], units: trixie, active: ['/dev/zram0'] }
    const { changes, result } = plan(host)
    expect(told(changes)).toEqual([
      `mark.set ${rebootRequired}`,
      'dir.make /etc/rpi/swap.conf.d',
      `file.write ${places.rpiOff}`,
      ...trixie.map(unit => `unit.set ${unit.name} mask`),
      'swap.off /dev/zram0',
    ])
    expect(changes).toHaveLength(9)
    expect(changes.find(change => change.kind === 'file.write')).toMatchObject({
      text: expect.stringContaining('[Main]\nMechanism=none\n'),
    })
    expect(result).toMatchObject({ mechanisms: ['rpi-swap'], reboot_required: true })
  })
  it('Trixie, done: nothing', () => {
    const { changes } = plan({ files: [aFile(places.rpi, ''), noRpiOff], units: trixie })
    const written = changes.find(change => change.kind === 'file.write') as Change & { readonly text: string }
    const masked = trixie.map(unit =>
      aUnit(unit.name, { load: 'masked', masked: true, enabled: 'masked', active: 'inactive' }),
    )
    const files = [aFile(places.rpi, ''), aFile(places.rpiOff, written.text)]
    expect(plan({ files, units: masked })).toMatchObject({ changes: [], result: { reboot_required: false } })
  })
  it('zram-generator alone: masked', () => {
    expect(told(plan({ units: trixie.slice(0, 2), active: ['/dev/zram0'] }).changes)).toEqual([
      'unit.set systemd-zram-setup@zram0.service mask',
      'unit.set dev-zram0.swap mask',
      'swap.off /dev/zram0',
    ])
  })
  it('zram-tools: stopped and disabled', () => {
    expect(told(plan({ units: [aUnit('zramswap.service')] }).changes)).toEqual([
      'unit.set zramswap.service disable stopped',
    ])
  })
  it('/etc/fstab: its lines are put out of force, and systemd forgets the units it made of them', () => {
    const fstab = aFile(places.fstab, 'UUID=1 / ext4 defaults 0 1\nUUID=2 none swap sw 0 0\n')
    const unit = aUnit(swapUnitOf('/dev/mmcblk0p3'), {
      enabled: 'generated',
      fragmentPath: '/run/systemd/generator/dev-mmcblk0p3.swap',
    })
    const { changes } = plan({ files: [fstab], active: ['/dev/mmcblk0p3'], units: [unit] })
    expect(told(changes)).toEqual([`file.write ${places.fstab}`, 'unit.set', 'swap.off /dev/mmcblk0p3'])
    expect(changes[0]).toMatchObject({ text: 'UUID=1 / ext4 defaults 0 1\n# swap is off: UUID=2 none swap sw 0 0\n' })
  })
  it.each([
    [
      "a unit file of somebody's",
      '/etc/systemd/system/swapfile.swap',
      ['unit.set swapfile.swap disable stopped', 'swap.off /swapfile'],
    ],
    [
      'a partition found by itself',
      '/run/systemd/generator.late/swapfile.swap',
      ['unit.set swapfile.swap mask', 'swap.off /swapfile'],
    ],
    ['`swapon` by hand', '', ['swap.off /swapfile']],
  ])('%s', (_, fragmentPath, wanted) => {
    const enabled = fragmentPath.startsWith('/etc/') ? 'enabled' : ''
    const unit = aUnit('swapfile.swap', { fragmentPath, enabled })
    expect(told(plan({ active: ['/swapfile'], units: [unit] }).changes)).toEqual(wanted)
  })
})

describe('fstab', () => {
  it.each([
    ['/swapfile none swap sw 0 0\n', '# swap is off: /swapfile none swap sw 0 0\n'],
    ['# /swapfile none swap sw 0 0\n', '# /swapfile none swap sw 0 0\n'],
    ['  /swapfile\tswap\tswap\tdefaults', '# swap is off:   /swapfile\tswap\tswap\tdefaults'],
    ['/dev/sda1 /swap ext4 defaults 0 1\n', '/dev/sda1 /swap ext4 defaults 0 1\n'],
    ['', ''],
  ])('%j → %j', (before, after) => {
    expect(withoutSwap(before)).toBe(after)
    expect(withoutSwap(after)).toBe(after)
    expect(swapNames(after)).toEqual([])
  })
})

it.each([
  ['/var/swap', 'var-swap.swap'],
  ['/dev/zram0', 'dev-zram0.swap'],
  ['/var/my-swap', 'var-my\\x2dswap.swap'],
  ['/.swap', '\\x2eswap.swap'],
])('the unit of %s is %s', (path, unit) => expect(swapUnitOf(path)).toBe(unit))

it.each([
  [undefined, '/var/swap'],
  ['#CONF_SWAPFILE=/x\n', '/var/swap'],
  ['CONF_SWAPFILE="/x y"\n', '/var/swap'],
  ["CONF_SWAPFILE='/mnt/swap'\n", '/mnt/swap'],
  ['CONF_SWAPFILE=/mnt/swap # here\n', '/mnt/swap'],
])('%j keeps its swap in %s', (text, path) => expect(dphysSwapfile(text)).toBe(path))
