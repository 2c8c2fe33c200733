import { describe, expect, it } from 'vitest'
import { fileWrite, writeFile } from '../../src/changes/file-write.ts'
import { changeKinds } from '../../src/changes/index.ts'
import type { Change } from '../../src/core/change.ts'
import { questionKinds } from '../../src/questions/index.ts'
import { changeEntries } from '../hostile/changes.ts'

const cluster = ['k3s.nodes', 'k3s.pods', 'k8s.applied', 'k8s.family', 'k8s.object']

/** The kinds of questions whose answers a change makes stale; 'all': it may have done anything. */
const table: { readonly [kind: string]: readonly string[] | 'all' } = {
  'command.run': 'all',
  'dir.make': ['file', 'file.tree'],
  'file.attrs': ['file', 'file.tree'],
  'file.download': ['file', 'file.tree', 'k3s.binary'],
  'file.remove': ['file', 'file.tree'],
  'file.send': ['file', 'file.tree'],
  'file.upload': ['file', 'file.tree', 'k3s.binary'],
  'file.write': ['file', 'file.tree'],
  'group.set': ['file', 'file.tree', 'group', 'user'],
  'hostname.set': 'all',
  'k3s.install': 'all',
  'k8s.apply': cluster,
  'k8s.delete': cluster,
  'k8s.scale': cluster,
  'link.make': ['file', 'file.tree'],
  'lock.release': [],
  'lock.take': [],
  'mark.clear': ['mark'],
  'mark.set': ['mark'],
  'nm.set': 'all',
  'node.cordon': ['k3s.nodes'],
  'node.drain': ['k3s.nodes', 'k3s.pods'],
  'node.label': ['k3s.nodes'],
  'node.taint': ['k3s.nodes'],
  'package.set': 'all',
  'pending.clear': ['pending'],
  'pending.mark': ['pending'],
  reboot: 'all',
  'swap.off': ['swap.active'],
  'sysctl.set': ['file', 'sysctl'],
  'token.create': [],
  'unit.set': 'all',
  'user.set': ['facts', 'file', 'file.tree', 'group', 'user'],
}

function footprintOf(change: Change): readonly string[] | 'all' {
  return changeKinds.find(({ kind }) => kind === change.kind)!.footprint(change)
}

function kindsIn(footprint: readonly string[] | 'all'): readonly string[] | 'all' {
  return footprint === 'all' ? footprint : [...new Set(footprint.map(print => print.split(':', 1)[0]!))].sort()
}

it.each(changeKinds.map(({ kind }) => kind))('%s joins others only where it has no channel of its own', kind => {
  const known = changeKinds.find(one => one.kind === kind)!
  for (const { make } of changeEntries[kind]!) {
    const change = make('x', '/p/x')
    if (known.joins?.(change)) expect(known.carry(change).own).not.toBe(true)
  }
})

it('a large file is written in a channel of its own, and joins nobody', () => {
  const text = 'x'.repeat(300_000)
  const change = writeFile({ path: '/x', real: '/x', text })
  const { carry, joins } = fileWrite
  expect([carry(change).own, joins!(change)]).toEqual([true, false])
})

describe('the footprint', () => {
  it.each(changeKinds.map(({ kind }) => kind))('of %s is all that it may alter', kind => {
    for (const { make } of changeEntries[kind]!) expect(kindsIn(footprintOf(make('x', '/p/x')))).toEqual(table[kind])
  })

  it('names kinds of questions that there are', () => {
    const named = new Set(Object.values(table).flatMap(kinds => (kinds === 'all' ? [] : kinds)))
    for (const kind of named) expect(questionKinds.map(one => one.kind)).toContain(kind)
  })

  it.each(['/etc/systemd/system/x.service', '/etc/systemd/system/x.service.d/y.conf'])('of a unit file: %s', path => {
    for (const kind of ['file.write', 'file.send', 'file.remove', 'file.download', 'file.upload']) {
      const [entry] = changeEntries[kind]!
      const footprint = footprintOf({ ...entry!.make('x', path), path, real: path } as Change)
      expect(footprint).toEqual(expect.arrayContaining(['unit:x.service', 'unit.stale']))
    }
  })

  it.each([
    '/etc/systemd/system/multi-user.target.wants/x.service',
    '/etc/systemd/system/x@.service',
    '/etc/systemd/system/service.d/all.conf',
  ])('of what many units may hang on: %s', path => {
    for (const kind of ['file.write', 'link.make', 'file.remove']) {
      const footprint = footprintOf({ ...changeEntries[kind]![0]!.make('x', path), path, real: path } as Change)
      expect(footprint).toEqual(expect.arrayContaining(['unit', 'unit.stale']))
    }
  })

  it('of the bases of accounts is whoever is in them, and every file', () => {
    const path = '/etc/group'
    const footprint = footprintOf({ ...changeEntries['file.write']![0]!.make('x', path), path, real: path } as Change)
    expect(footprint).toEqual(expect.arrayContaining(['user', 'group', 'file']))
  })

  // They make the folders above, and follow links that nobody has looked at.
  it.each(['file.download', 'file.upload'])('of %s is every file', kind => {
    expect(footprintOf(changeEntries[kind]![0]!.make('x', '/p/x'))).toContain('file')
  })
})
