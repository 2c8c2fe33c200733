import { describe, expect, it } from 'vitest'
import { dirMake, makeDir } from '../../src/changes/dir-make.ts'
import { fileAttrs, setAttrs } from '../../src/changes/file-attrs.ts'
import { fileRemove, removeFile } from '../../src/changes/file-remove.ts'
import { fileWrite, writeFile } from '../../src/changes/file-write.ts'
import { linkMake, makeLink } from '../../src/changes/link-make.ts'
import { Answers } from '../../src/engine/answers.ts'
import { type FileAnswer, type FileArg, file } from '../../src/questions/file.ts'

const arg = (path: string, follow = true): FileArg => ({ path, want: 'stat', follow, limit: 0 })
const folder = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/'

function answer(path: string, more: Partial<FileAnswer> = {}): FileAnswer {
  const { real = path } = more
  return { path, real, type: 'file', links: 1, parent: { type: 'directory', real: folder(real), missing: [] }, ...more }
}

/** Whether an answer is there still. */
function stays(print: readonly string[] | 'all', asked: FileArg, said: FileAnswer): boolean {
  const answers = new Answers()
  const names = new Set([asked.path, ...file.about!(asked, said)])
  answers.keep('one', { value: said, kind: 'file', names, changes: undefined })
  answers.drop(print)
  return answers.get('one', 0) !== undefined
}

const link = linkMake.footprint(makeLink({ path: '/l2', real: '/l2', target: 'new', replaces: { target: 'old' } }))
const attrs = fileAttrs.footprint(setAttrs({ path: '/h1', real: '/h1', type: 'file', mode: '0600', before: {} }))
const write = fileWrite.footprint(writeFile({ path: '/h1', real: '/h1', text: 'x' }))

describe('a link that leads elsewhere', () => {
  it.each([
    ['a file behind two links', arg('/l1/f'), answer('/l1/f', { real: '/old/f' })],
    ['a link to a link', arg('/l1'), answer('/l1', { real: '/old', type: 'directory', target: 'l2' })],
    ['a name behind it that is missing', arg('/l1/f'), answer('/l1/f', { real: '/old/f', type: 'absent' })],
  ])('makes stale %s', (_, asked, said) => expect(stays(link, asked, said)).toBe(false))

  it('leaves what no link leads to', () => expect(stays(link, arg('/d/f'), answer('/d/f'))).toBe(true))

  it('is one that goes as well', () => {
    const gone = fileRemove.footprint(removeFile({ path: '/l2', real: '/l2', type: 'link' }))
    expect(stays(gone, arg('/l1/f'), answer('/l1/f', { real: '/old/f' }))).toBe(false)
  })
})

describe('a file with two names', () => {
  it.each([
    ['its rights', attrs],
    ['its content', write],
  ])('is another by both, where %s change by one', (_, print) => {
    expect(stays(print, arg('/h2'), answer('/h2', { links: 2 }))).toBe(false)
    expect(stays(print, arg('/other'), answer('/other'))).toBe(true)
  })

  it('is another by the first when it gets the second', () => {
    const print = linkMake.footprint(
      makeLink({ path: '/h2', real: '/h2', target: '/h1', hard: true, replaces: 'absent' }),
    )
    expect(stays(print, arg('/h1'), answer('/h1'))).toBe(false)
  })
})

describe('a folder', () => {
  const made = dirMake.footprint(makeDir({ path: '/d/new', real: '/d/new', missing: [] }))

  it.each([
    ['a folder in it', made],
    ['a file in it', fileWrite.footprint(writeFile({ path: '/d/f', real: '/d/f', text: 'x' }))],
    ['a link in it', linkMake.footprint(makeLink({ path: '/d/l', real: '/d/l', target: 'x', replaces: 'absent' }))],
    ['what goes from it', fileRemove.footprint(removeFile({ path: '/d/f', real: '/d/f', type: 'file' }))],
  ])('has other times and links by %s', (_, print) => {
    expect(stays(print, arg('/d'), answer('/d', { type: 'directory' }))).toBe(false)
    expect(stays(print, arg('/l/d'), answer('/l/d', { real: '/d', type: 'directory' }))).toBe(false)
  })

  it('is not another by what is made deeper down, or beside it', () => {
    expect(stays(made, arg('/'), answer('/', { type: 'directory' }))).toBe(true)
    expect(stays(made, arg('/e'), answer('/e', { type: 'directory' }))).toBe(true)
  })
})
