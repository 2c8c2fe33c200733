import { expect, test } from 'vitest'
import { type GroupSet, groupSet, setGroup } from '../../src/changes/group-set.ts'
import { setUser, type UserSet, userSet } from '../../src/changes/user-set.ts'
import { Answers } from '../../src/engine/answers.ts'
import { type FileAnswer, type FileOptions, file, fileStat } from '../../src/questions/file.ts'

const answerOf = (path: string, owner: string): FileAnswer => ({
  path,
  real: path,
  type: 'file',
  owner,
  group: 'root',
  parent: { type: 'directory', real: path.slice(0, path.lastIndexOf('/')), owner: 'root', group: 'root', missing: [] },
})

/** Which of the looks at files are still good after a change. */
function left(footprint: readonly string[] | 'all'): readonly string[] {
  const answers = new Answers()
  const looks: readonly (readonly [string, string, FileOptions?])[] = [
    ['/etc/plain', 'root'],
    ['/etc/nameless', '4711'],
    ['/etc/wished', 'root', { group: 'bench' }],
    ['/etc/passwd', 'root'],
  ]
  for (const [path, owner, options] of looks) {
    const { key, arg } = fileStat(path, options)
    const names = new Set([
      key,
      path,
      ...file.about!(arg as Parameters<NonNullable<typeof file.about>>[0], answerOf(path, owner)),
    ])
    answers.keep(path, { value: path, kind: 'file', names, changes: undefined })
  }
  answers.drop(footprint)
  return looks.flatMap(([path]) => (answers.get(path, 0) ? [path] : []))
}

const group = (change: Omit<GroupSet, 'kind'>) => left(groupSet.footprint(setGroup(change)))
const user = (change: Omit<UserSet, 'kind'>) => left(userSet.footprint(setUser(change)))

test('a new account makes stale what was asked about it, what belonged to nobody, and its own bases', () => {
  expect(group({ name: 'bench', action: 'add' })).toEqual(['/etc/plain'])
  expect(user({ name: 'bench', action: 'add', createHome: false })).toEqual(['/etc/plain'])
  expect(group({ name: 'other', action: 'add' })).toEqual(['/etc/plain', '/etc/wished'])
})

test('one with a home, one that is taken back first, altered or removed: all looks at files', () => {
  expect(user({ name: 'bench', action: 'add' })).toEqual([])
  expect(user({ name: 'bench', action: 'add', createHome: false, unfinished: { action: 'add' } })).toEqual([])
  expect(user({ name: 'bench', action: 'change', uid: 1 })).toEqual([])
  expect(group({ name: 'bench', action: 'change', gid: 1 })).toEqual([])
  expect(group({ name: 'bench', action: 'remove' })).toEqual([])
})
