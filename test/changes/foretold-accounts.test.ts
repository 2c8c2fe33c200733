import { describe, expect, test } from 'vitest'
import { groupSet, setGroup } from '../../src/changes/group-set.ts'
import { setUser, type UserSet, userSet } from '../../src/changes/user-set.ts'
import { Shadow } from '../../src/core/shadow.ts'
import { Unknown } from '../../src/core/unknown.ts'
import { group, groupState, user, userState } from '../../src/questions/account.ts'
import { type FileAnswer, type FileArg, file, fileStat } from '../../src/questions/file.ts'

function planned(...changes: readonly Omit<UserSet, 'kind'>[]): Shadow {
  const shadow = new Shadow()
  for (const change of changes) userSet.fold(shadow, setUser(change))
  return shadow
}

/** What a check says of a path that is missing now, with all above it up to /home. */
function foretold(shadow: Shadow, path: string): FileAnswer | Unknown {
  const real = path.slice(0, path.lastIndexOf('/'))
  const parts = real.split('/').slice(2)
  const missing = parts.map((_, i) => `/home/${parts.slice(0, i + 1).join('/')}`)
  const parent = { type: missing.length === 0 ? 'directory' : 'absent', real, missing } as FileAnswer['parent']
  const actual: FileAnswer = { path, real: path, type: 'absent', parent }
  return file.predict!(shadow, fileStat(path).arg as FileArg, actual) as FileAnswer | Unknown
}

const bases = ['/etc/passwd', '/etc/group', '/etc/shadow', '/etc/group-']

describe('what a check foretells of accounts', () => {
  test('a home that is made, what the skeleton brings into it, and nothing else', () => {
    const shadow = planned({ name: 'x', action: 'add', made: { path: '/home/x', holds: ['.bashrc'] } })
    expect(foretold(shadow, '/home/x/own')).toMatchObject({
      type: 'absent',
      parent: { type: 'directory', missing: [] },
    })
    expect(foretold(shadow, '/home/x/.bashrc')).toBeInstanceOf(Unknown)
    expect(String(foretold(shadow, '/home/x'))).toContain('the mode of /home/x')
  })

  test('a home that goes, and one that is moved', () => {
    const gone = planned({ name: 'x', action: 'remove', removeHome: true, leaves: '/home/x' })
    expect(gone.files.get('/home/x')).toEqual({ type: 'absent' })
    const moved = planned({ name: 'x', action: 'change', home: '/home/y', moveHome: true, leaves: '/home/x' })
    expect(moved.files.get('/home/x')).toEqual({ type: 'absent' })
    expect(foretold(moved, '/home/y/own')).toBeInstanceOf(Unknown)
  })

  test('whose a home is whose owner gets another number', () => {
    const shadow = planned({ name: 'x', action: 'change', uid: 7, before: { home: '/home/x' } })
    expect(foretold(shadow, '/home/x/own')).toBeInstanceOf(Unknown)
    expect(foretold(planned({ name: 'x', action: 'change', shell: '/bin/sh' }), '/home/x')).toMatchObject({
      type: 'absent',
    })
  })

  test.each(bases)('not what is in %s', path => {
    const shadow = new Shadow()
    groupSet.fold(shadow, setGroup({ name: 'g', action: 'add' }))
    expect(shadow.files.get('/etc/group')).toBeInstanceOf(Unknown)
    expect(planned({ name: 'x', action: 'add' }).files.get(path)).toBeInstanceOf(Unknown)
  })

  test('not who is in a group, nor the number of another group', () => {
    const shadow = planned({ name: 'x', action: 'change', group: 'g', groups: ['h'] })
    const said = user.predict!(shadow, userState('x').arg as never, { name: 'x', exists: true, group: 'x', gid: 5 })
    expect(said).toMatchObject({ group: 'g' })
    expect(said).not.toHaveProperty('gid')
    const members = { name: 'h', exists: true, gid: 6, members: ['y'] }
    expect(group.predict!(shadow, groupState('h').arg as never, members)).toEqual({ name: 'h', exists: true, gid: 6 })
    expect(group.predict!(new Shadow(), groupState('h').arg as never, members)).toEqual(members)
  })

  test('nor whether the group of its name goes with a user', () => {
    const shadow = planned({ name: 'x', action: 'remove' })
    expect(group.predict!(shadow, groupState('x').arg as never, { name: 'x', exists: true })).toBeInstanceOf(Unknown)
  })
})
