import { entriesOf, manyNamed, throughLinks } from '../../core/file-names.ts'
import { reveal } from '../../core/secret.ts'
import type { PredictedFile, Shadow } from '../../core/shadow.ts'
import { Unknown } from '../../core/unknown.ts'
import { parentOf } from './place.ts'

const unitFile = /^(?:\/etc|\/run|\/usr\/lib|\/lib|\/usr\/local\/lib)\/systemd\/system\/([^/]+?)(?:\.d\/[^/]+\.conf)?$/

/** A template, a link that enables, a drop-in for all of a type: many units may be others by it. */
const unitFolder = /^(?:\/etc|\/run|\/usr\/lib|\/lib|\/usr\/local\/lib)\/systemd\/system\//

/** A file beside it, such as its environment, is no unit. */
const isUnit = /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/

/** Predicts a file, and the systemd unit that it is the file or a drop-in of. */
export function foldFile(shadow: Shadow, real: string, planned: PredictedFile): void {
  const was = shadow.files.get(real)
  const same = was !== undefined && !(was instanceof Unknown) && was.type === planned.type ? was : undefined
  shadow.files.set(real, same ? { ...same, ...defined(planned) } : planned)
  const unit = unitFile.exec(real)?.[1]
  if (unit !== undefined && isUnit.test(unit)) foldUnit(shadow, unit, real, planned)
}

const accountSources: ReadonlySet<string> = new Set(
  ['passwd', 'shadow', 'group', 'gshadow', 'nsswitch.conf'].map(base => `/etc/${base}`),
)

/** The answers that a change of these files makes stale. */
export function fileFootprint(paths: readonly string[]): readonly string[] {
  const units = paths.flatMap(path => {
    const unit = unitFile.exec(path)?.[1]
    if (unit !== undefined && isUnit.test(unit) && !unit.includes('@')) return [`unit:${unit}`, 'unit.stale']
    return unitFolder.test(path) ? ['unit', 'unit.stale'] : []
  })
  const named = (path: string) => {
    // Who a file belongs to is told by name.
    if (accountSources.has(path)) return ['user', 'group', 'file']
    return path === '/etc/hostname' || path.startsWith('/etc/cloud/') ? ['hostname'] : []
  }
  return [
    ...new Set([
      ...paths.flatMap(path => [`file:${path}`, `file:${entriesOf(parentOf(path))}`]),
      `file:${manyNamed}`,
      'file.tree',
      ...units,
      ...paths.flatMap(named),
    ]),
  ]
}

/** Where a link came, went, or leads elsewhere, whatever is reached through links may be another. */
export const linkFootprint = [`file:${throughLinks}`]

function foldUnit(shadow: Shadow, unit: string, real: string, planned: PredictedFile): void {
  const was = shadow.units.get(unit)
  const before = was instanceof Unknown || was === undefined ? {} : was
  const isMain = real.endsWith(`/${unit}`)
  if (!isMain) return void shadow.units.set(unit, { ...before, stale: true })
  const { text } = planned
  const known = typeof text === 'string' || (typeof text === 'object' && 'reveal' in text)
  shadow.units.set(unit, {
    ...before,
    exists: planned.type !== 'absent',
    stale: true,
    ...(known ? { static: !/^\[Install\]/m.test(reveal(text)) } : {}),
  })
}

function defined(file: PredictedFile): PredictedFile {
  return Object.fromEntries(Object.entries(file).filter(([, value]) => value !== undefined)) as unknown as PredictedFile
}
