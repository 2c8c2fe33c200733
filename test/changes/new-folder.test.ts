import { chmodSync, chownSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { dirMake, makeDir } from '../../src/changes/dir-make.ts'
import { Shadow } from '../../src/core/shadow.ts'
import { Unknown } from '../../src/core/unknown.ts'
import { type FileAnswer, type FileArg, file, fileText } from '../../src/questions/file.ts'
import { shells } from '../questions/shells.ts'
import { ask, carry, expectAgreement, inFolder } from './law.ts'

const paths = ['a/x', 'a/b/x', 'a/b/c/x', 'a/../x', 'a/b/../x', 'a', 'b/x']

/** What is told of them beforehand once this folder and those above it have been made, and what is there then. */
function compare(shell: readonly string[], mode: string | undefined, handsOn: boolean, made = 'a/b') {
  return inFolder(folder => {
    if (handsOn) {
      chownSync(folder, 0, 60)
      chmodSync(folder, 0o2755)
    }
    const before = paths.map(path => ask<FileAnswer>(shell, fileText(`${folder}/${path}`)))
    const { real, parent, asker } = ask<FileAnswer>(shell, fileText(`${folder}/${made}`))
    const change = makeDir({ path: real, real, missing: parent.missing, mode, setgid: asker?.setgid })
    const sure = dirMake.foretells!(change)
    const shadow = new Shadow()
    dirMake.fold(shadow, change)
    expect(carry(shell, change).section.code).toBe(0)
    return paths.flatMap((path, i) => {
      const { arg } = fileText(`${folder}/${path}`) as { readonly arg: FileArg }
      const about = file.about!(arg, before[i]!).map(name => `file:${name}`)
      if (!about.some(name => sure.includes(name))) return []
      const told = file.predict!(shadow, arg, before[i]) as FileAnswer | Unknown
      return [{ path, told, seen: ask<FileAnswer>(shell, fileText(`${folder}/${path}`)) }]
    })
  })
}

describe.each(shells.map(shell => ({ name: shell.join(' '), shell })))('$name: a folder that is made', ({ shell }) => {
  test.each([
    ['without a wish', undefined, 'a/b'],
    ['with a mode', '0750', 'a/b'],
    ['by itself', undefined, 'a'],
  ])('tells of what is missing in it, %s', (_, mode, made) => {
    const told = compare(shell, mode, false, made)
    expect(told.map(({ path }) => path)).toEqual(['a/x', 'a/b/x', 'a/b/c/x'])
    for (const { path, told: said, seen } of told) expectAgreement(said, seen, path)
  })

  test.each([
    ['that hands its group on itself', '2775', false],
    ['in one that hands its group on', '0755', true],
    ['that inherits handing its group on', undefined, true],
  ])('tells nothing %s', (_, mode, handsOn) => {
    expect(compare(shell, mode, handsOn)).toEqual([])
  })
})

test('what is missing in it after all is not told where a folder above is Unknown', () => {
  const shadow = new Shadow()
  shadow.files.set('/a', new Unknown('known after apply'))
  const answer = { path: '/a/x', real: '/a/x', type: 'absent', parent: { type: 'absent', real: '/a', missing: ['/a'] } }
  expect(file.predict!(shadow, fileText('/a/x').arg as FileArg, answer as FileAnswer)).toBeInstanceOf(Unknown)
})
