import type { Question } from '../core/question.ts'
import { quote } from '../core/sh.ts'
import { Unknown } from '../core/unknown.ts'
import { badAnswer } from './bad-answer.ts'
import { tidyPath } from './file/path.ts'
import { readStat } from './file/stat.ts'
import type { QuestionKind } from './kind.ts'

export interface TreeEntry {
  /** Absolute; links on the way to the folder are as they were named. */
  readonly path: string
  readonly type: 'file' | 'directory' | 'link' | 'other'
  readonly mode: string
  readonly owner: string
  readonly group: string
  readonly uid: number
  readonly gid: number
}

/** All that is in a folder, itself first; [] where it is none. Names that are no UTF-8 are left out. */
export function fileTree(path: string): Question<readonly TreeEntry[]> {
  const folder = tidyPath(path)
  return { kind: 'file.tree', key: folder, arg: folder }
}

/** find goes the same way twice: once for the names, once for what they are. */
export const fileTreeKind: QuestionKind<string, readonly TreeEntry[]> = {
  kind: 'file.tree',
  sh: folders =>
    folders
      .map(folder => {
        const path = quote(folder === '/' ? '/' : `${folder}/`)
        return `if [ -d ${path} ]; then find ${path} -print0; printf '\\000'; find ${path} -exec stat -c '%f %u %g %s %Y %i %h %U %G' {} +; else printf '\\000'; fi; printf '\\000'`
      })
      .join('\n'),
  parse(section, folders) {
    const parts = Buffer.from(section.stdout).toString('latin1').split('\0')
    if (section.truncated) throw badAnswer(folders.join(', '), section)
    let at = 0
    const answers = folders.map(folder => {
      const end = parts.indexOf('', at)
      const names = parts.slice(at, end)
      const lines = (parts[end + 1] ?? '').split('\n').filter(line => line !== '')
      at = end + 2
      if (end < 0 || names.length !== lines.length)
        throw badAnswer(folder, section, 'the folder changed while it was looked at')
      return names.flatMap((name, i) => readEntry(name, lines[i]!) ?? [])
    })
    if (at !== parts.length - 1) throw badAnswer(folders.join(', '), section)
    return answers
  },
  about: (folder, entries) => [folder, ...entries.map(entry => entry.path)],
  limit: () => 16 * 1024 * 1024,
  predict(shadow, folder, actual) {
    if (actual === undefined) return undefined
    const planned = [...shadow.files.keys()].some(path => path === folder || path.startsWith(`${folder}/`))
    return planned ? new Unknown(`what is in ${folder} is known after apply`) : actual
  },
}

function readEntry(bytes: string, line: string): TreeEntry | undefined {
  const path = Buffer.from(bytes, 'latin1')
    .toString('utf8')
    .replace(/(?<=.)\/+$/, '')
  const stat = readStat(line)
  if (stat === undefined || Buffer.from(path).toString('latin1') !== bytes.replace(/(?<=.)\/+$/, '')) return undefined
  const { mode, owner, group, uid, gid } = stat
  return { path, type: typeOf(Number.parseInt(line, 16)), mode, owner, group, uid, gid }
}

function typeOf(bits: number): TreeEntry['type'] {
  return types.get(bits & 0o170000) ?? 'other'
}

const types: ReadonlyMap<number, TreeEntry['type']> = new Map([
  [0o100000, 'file'],
  [0o040000, 'directory'],
  [0o120000, 'link'],
])
