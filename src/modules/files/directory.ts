import { makeDir } from '../../changes/dir-make.ts'
import type { Change } from '../../core/change.ts'
import { changed, type Plan, unchanged } from '../../core/module.ts'
import { type Asking, ask } from '../../core/question.ts'
import { type FileAnswer, fileStat } from '../../questions/file.ts'
import { fileTree, type TreeEntry } from '../../questions/file-tree.ts'
import { failed } from '../failed.ts'
import { resolveMode } from './mode.ts'
import { parentMissing, refusal } from './refuse.ts'
import type { AttributeWish } from './schema.ts'
import { attributeChanges } from './wish.ts'

export interface DirectoryWish extends AttributeWish {
  readonly path: string
  readonly recurse: boolean
}

/** A folder to be there, those above it too. */
export function* planDirectory(wish: DirectoryWish): Asking<Plan> {
  const { path, owner, group } = wish
  const seen = yield* ask(fileStat(path, { owner, group }))
  const refused = refusal(seen, wish)
  if (refused) return refused
  const result = { path, state: 'directory' }
  if (seen.type === 'absent') return newFolder(seen, wish)
  if (seen.type !== 'directory')
    return failed('refused', `${path} is there, and is no folder`, 'remove it in a task before')
  // Where it really is: what earlier tasks plan below a link to it is planned there.
  const below = wish.recurse ? yield* ask(fileTree(seen.real)) : []
  const inside = below.filter(entry => entry.path !== seen.real)
  const changes = [...attributeChanges(seen, wish), ...inside.flatMap(entry => entryChanges(entry, seen, wish))]
  return changes.length === 0 ? unchanged(result) : changed(changes, result)
}

function newFolder(seen: FileAnswer, { path, mode, owner, group }: DirectoryWish): Plan {
  if (seen.target !== undefined)
    return failed('refused', `${path} is a link to what is not there`, 'remove it in a task before')
  if (seen.parent.type === 'other') return parentMissing(seen)!
  const wanted = mode === undefined ? {} : { mode: resolveMode(mode, undefined, true) }
  const { real, parent, asker } = seen
  return changed([makeDir({ path, real, missing: parent.missing, ...wanted, owner, group, setgid: asker?.setgid })], {
    path,
    state: 'directory',
  })
}

function entryChanges(entry: TreeEntry, folder: FileAnswer, wish: AttributeWish): readonly Change[] {
  return attributeChanges(
    { ...entry, path: folder.path + entry.path.slice(folder.real.length), real: entry.path, parent: folder.parent },
    wish,
  )
}
