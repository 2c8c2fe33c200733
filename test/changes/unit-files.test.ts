import { describe, expect, test } from 'vitest'
import { setConnection } from '../../src/changes/nm-set.ts'
import { setUnit, unitSet } from '../../src/changes/unit-set.ts'
import { Shadow } from '../../src/core/shadow.ts'
import { Unknown } from '../../src/core/unknown.ts'
import { type FileAnswer, type FileArg, file, fileStat } from '../../src/questions/file.ts'
import { type UnitAnswer, unit } from '../../src/questions/unit.ts'
import { kindOf } from './law.ts'

const folder = '/etc/systemd/system'

/** What a check says of a path that is missing now. */
function foretold(shadow: Shadow, path: string): FileAnswer | Unknown | undefined {
  const real = path.slice(0, path.lastIndexOf('/'))
  const actual: FileAnswer = { path, real: path, type: 'absent', parent: { type: 'directory', real, missing: [] } }
  return file.predict!(shadow, fileStat(path, { follow: false }).arg as FileArg, actual) as FileAnswer | Unknown
}

function planned(...changes: readonly Parameters<typeof setUnit>[0][]): Shadow {
  const shadow = new Shadow()
  for (const change of changes) unitSet.fold(shadow, setUnit(change))
  return shadow
}

describe('the links of a unit', () => {
  test('what is masked is a link to nothing, and gone once it is unmasked', () => {
    const path = `${folder}/x.service`
    const masked = planned({ name: 'x.service', masked: true })
    expect(foretold(masked, path)).toMatchObject({ type: 'link', target: '/dev/null' })
    unitSet.fold(masked, setUnit({ name: 'x.service', masked: false }))
    expect(foretold(masked, path)).toMatchObject({ type: 'absent' })
  })

  test.each([true, false])('where it is linked to when it is enabled or disabled, only a run can tell: %s', enabled => {
    const shadow = planned({ name: 'x.service', enabled })
    expect(foretold(shadow, `${folder}/multi-user.target.wants/x.service`)).toBeInstanceOf(Unknown)
    expect(foretold(shadow, `${folder}/multi-user.target.wants/y.service`)).toMatchObject({ type: 'absent' })
    expect(foretold(shadow, `${folder}/x.service`)).toMatchObject({ type: 'absent' })
  })

  test('are looked at anew in a run', () => {
    const all = [{ enabled: true }, { enabled: false }, { masked: true }, { masked: false }]
    for (const wish of all)
      expect(unitSet.footprint(setUnit({ name: 'x.service', ...wish }))).toEqual(
        expect.arrayContaining([`file:${folder}`, 'file:/etc/rc3.d', 'file.tree', 'unit', 'unit.stale']),
      )
    expect(unitSet.footprint(setUnit({ name: '', daemonReload: true }))).toEqual(['unit', 'unit.stale'])
  })
})

test('where the file of a unit lies that is unmasked, only systemd knows', () => {
  const masked = { name: 'x.service', load: 'masked', masked: true, enabled: 'masked', active: 'inactive', sub: 'dead' }
  const seen = { ...masked, fragmentPath: `${folder}/x.service` } as UnitAnswer
  const shown = (shadow: Shadow) => unit.predict!(shadow, 'x.service', seen) as UnitAnswer
  expect(shown(planned({ name: 'x.service', masked: false })).fragmentPath).toBeUndefined()
  expect(shown(new Shadow()).fragmentPath).toBe(`${folder}/x.service`)
  const again = planned({ name: 'x.service', masked: false }, { name: 'x.service', masked: true })
  expect(shown(again).fragmentPath).toBe(`${folder}/x.service`)
})

test('what is stopped has no process', () => {
  const seen = {
    name: 'x.service',
    load: 'loaded',
    active: 'active',
    sub: 'running',
    mainPid: 7,
    enabled: '',
  } as UnitAnswer
  const shadow = planned({ name: 'x.service', state: 'stopped' })
  expect(unit.predict!(shadow, 'x.service', seen)).toMatchObject({ active: 'inactive', sub: 'dead', mainPid: 0 })
})

describe('what runs does what it likes', () => {
  test.each(['started', 'stopped', 'restarted', 'reloaded'] as const)('a unit that is %s', state => {
    const change = setUnit({ name: 'x.service', state })
    expect(unitSet.footprint(change)).toBe('all')
    const shadow = planned({ name: 'x.service', state })
    if (state === 'stopped') expect(shadow.assumption).toBeUndefined()
    else expect(shadow.assumption).toContain('x.service')
    expect(foretold(shadow, '/run/x')).toMatchObject({ type: 'absent' })
  })

  test('a connection, by what the host has its dispatcher start', () => {
    const change = setConnection({ uuid: 'u', name: 'eth', device: 'eth0', settings: {}, before: {} })
    const shadow = new Shadow()
    kindOf(change).fold(shadow, change)
    expect(kindOf(change).footprint(change)).toBe('all')
    expect(foretold(shadow, '/etc/resolv.conf')).toBeInstanceOf(Unknown)
    expect(foretold(shadow, '/etc/NetworkManager/system-connections/eth.nmconnection')).toBeInstanceOf(Unknown)
    expect(foretold(shadow, '/etc/other')).toMatchObject({ type: 'absent' })
  })
})
