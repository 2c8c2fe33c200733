import { makeDir } from '../../changes/dir-make.ts'
import { removeFile } from '../../changes/file-remove.ts'
import { writeFile } from '../../changes/file-write.ts'
import { setUnit } from '../../changes/unit-set.ts'
import type { Change } from '../../core/change.ts'
import type { FileAnswer } from '../../questions/file.ts'
import type { ActiveSwap } from '../../questions/swap-active.ts'
import type { UnitAnswer } from '../../questions/unit.ts'
import { swapNames, withoutSwap } from './fstab.ts'

export const places = {
  fstab: '/etc/fstab',
  dphys: '/etc/dphys-swapfile',
  rpi: '/etc/rpi/swap.conf',
  rpiOff: '/etc/rpi/swap.conf.d/90-pitool.conf',
} as const

export const usualSwapfile = '/var/swap'

const dphysUnit = 'dphys-swapfile.service'
const zramToolsUnit = 'zramswap.service'
const zramUnits = ['systemd-zram-setup@zram0.service', 'dev-zram0.swap'] as const
const rpiUnits = ['rpi-zram-writeback.timer', 'rpi-zram-writeback.service', 'rpi-resize-swap-file.service'] as const
export const units: readonly string[] = [dphysUnit, zramToolsUnit, ...zramUnits, ...rpiUnits]

const rpiOffText = '# Swap is off on this host.\n[Main]\nMechanism=none\n'

/** What the host answered about all that may swap. */
export interface SwapState {
  readonly active: readonly ActiveSwap[]
  readonly fstab: FileAnswer
  readonly rpi: FileAnswer
  readonly rpiOff: FileAnswer
  /** The file that dphys-swapfile keeps. */
  readonly swapfile: FileAnswer
  readonly units: ReadonlyMap<string, UnitAnswer>
  /** The units of the active swaps, in their order. */
  readonly activeUnits: readonly UnitAnswer[]
}

/** What turns one mechanism off for good. */
export interface Part {
  readonly name: string
  readonly changes: readonly Change[]
  /** To be done when nothing is swapped any more. */
  readonly after?: readonly Change[]
  readonly reboots?: boolean
}

/** The parts that have something to do. Mechanisms are told by what is there, never by the name of a release. */
export function mechanismParts(state: SwapState): readonly Part[] {
  const parts = [dphys(state), rpiSwap(state), zramGenerator(state), zramTools(state), fstab(state), others(state)]
  return parts.filter(part => part.changes.length > 0 || (part.after ?? []).length > 0)
}

/** CONF_SWAPFILE of /etc/dphys-swapfile. */
export function dphysSwapfile(text: string | undefined): string {
  const value = /^\s*CONF_SWAPFILE=(['"]?)(\/[^'"\s#]*)\1/m.exec(text ?? '')?.[2]
  return value ?? usualSwapfile
}

/** systemd's unit of a swap: `/var/my-swap` is `var-my\x2dswap.swap`. */
export function swapUnitOf(path: string): string {
  const parts = path.split('/').filter(part => part !== '')
  return `${parts.map(escapePart).join('-')}.swap`
}

function escapePart(part: string, index: number): string {
  const bytes = [...Buffer.from(part)]
  return bytes.map((byte, i) => escapeByte(byte, index === 0 && i === 0)).join('')
}

function escapeByte(byte: number, first: boolean): string {
  const char = String.fromCharCode(byte)
  const plain = /[A-Za-z0-9:_.]/.test(char) && !(first && char === '.')
  return plain ? char : `\\x${byte.toString(16).padStart(2, '0')}`
}

function dphys({ units, swapfile }: SwapState): Part {
  const unit = units.get(dphysUnit)
  const changes = unit ? stopForGood(unit) : []
  // Its file is what would be swapped to again; it also takes room on a small card.
  const file = swapfile.type === 'file' ? [removeFile({ path: swapfile.path, real: swapfile.real, type: 'file' })] : []
  return { name: 'dphys-swapfile', changes, after: file }
}

function rpiSwap({ rpi, rpiOff, units }: SwapState): Part {
  if (rpi.type === 'absent') return { name: 'rpi-swap', changes: [] }
  const written = rpiOff.text === rpiOffText ? [] : writeRpiOff(rpiOff)
  const changes = [...written, ...[...zramUnits, ...rpiUnits].flatMap(name => maskIfThere(units.get(name)))]
  return { name: 'rpi-swap', changes, reboots: changes.length > 0 }
}

function writeRpiOff({ path, real, parent, type, mode, owner, group, text, digest }: FileAnswer): readonly Change[] {
  const { missing } = parent
  const folder = missing.at(-1)
  const made = folder === undefined ? [] : [makeDir({ path: folder, real: folder, missing: missing.slice(0, -1) })]
  const there = type === 'file'
  const kept = there ? { mode: mode!, owner: owner!, group: group! } : undefined
  const before = there ? (text ?? '') : null
  return [...made, writeFile({ path, real, text: rpiOffText, kept, before, expects: there ? digest : 'absent' })]
}

/** zram-generator without rpi-swap: its unit is made anew at each boot, so it is masked. */
function zramGenerator({ rpi, units }: SwapState): Part {
  const swapUnit = units.get(zramUnits[1])
  const mine = rpi.type === 'absent' && swapUnit?.load === 'loaded'
  return { name: 'zram-generator', changes: mine ? zramUnits.flatMap(name => maskIfThere(units.get(name))) : [] }
}

function zramTools({ units }: SwapState): Part {
  const unit = units.get(zramToolsUnit)
  return { name: 'zram-tools', changes: unit ? stopForGood(unit) : [] }
}

function fstab({ fstab }: SwapState): Part {
  const { text, path, real, mode, owner, group, digest } = fstab
  const after = withoutSwap(text ?? '')
  if (text === undefined || after === text) return { name: 'fstab', changes: [] }
  const kept = { mode: mode!, owner: owner!, group: group! }
  const write = writeFile({ path, real, text: after, kept, before: text, expects: digest })
  // systemd made units of the lines and would bring the swap back by them.
  return { name: 'fstab', changes: [write, setUnit({ name: '', daemonReload: true })] }
}

/** Swaps in use whose unit comes from elsewhere: a unit file, a partition that systemd found by itself. */
function others({ active, activeUnits, fstab }: SwapState): Part {
  const named = swapNames(fstab.text ?? '')
  const changes = activeUnits.flatMap((unit, i) => {
    const { fragmentPath = '' } = unit
    const fromFstab =
      named.includes(active[i]!.name) ||
      (named.length > 0 && /^\/run\/systemd\/generator\/(?!dev-zram)/.test(fragmentPath))
    // A swap made by hand has a unit without a file: gone after the next boot.
    const permanent = unit.load === 'loaded' && unit.fragmentPath !== ''
    return permanent && !fromFstab && !units.includes(unit.name) ? maskIfThere(unit) : []
  })
  return { name: 'systemd', changes }
}

function maskIfThere(unit: UnitAnswer | undefined): readonly Change[] {
  if (unit === undefined || unit.masked || unit.load === 'not-found') return []
  // A mask would stand where its own file does.
  if (unit.fragmentPath?.startsWith('/etc/systemd/system/')) return stopForGood(unit)
  return [setUnit({ name: unit.name, masked: true, before: { enabled: unit.enabled, active: unit.active } })]
}

function stopForGood(unit: UnitAnswer): readonly Change[] {
  if (unit.load === 'not-found' || unit.masked) return []
  const runs = !['inactive', 'failed'].includes(unit.active)
  const atBoot = !['disabled', 'static', ''].includes(unit.enabled)
  if (!runs && !atBoot) return []
  const before = { enabled: unit.enabled, active: unit.active }
  // One of an init script stays `generated` when disabled.
  const never = unit.enabled === 'generated' ? { masked: true } : { enabled: false }
  return [
    setUnit({
      name: unit.name,
      ...(atBoot ? never : {}),
      ...(runs ? { state: 'stopped' as const } : {}),
      before,
    }),
  ]
}
