import { setAttrs } from '../../changes/file-attrs.ts'
import { type LinkMake, makeLink } from '../../changes/link-make.ts'
import type { Change } from '../../core/change.ts'
import { changed, type Plan, unchanged } from '../../core/module.ts'
import { type Asking, ask, askAll } from '../../core/question.ts'
import { parentOf, tidyPath } from '../../questions/file/path.ts'
import { type FileAnswer, fileStat } from '../../questions/file.ts'
import { fileTree } from '../../questions/file-tree.ts'
import { failed } from '../failed.ts'
import { parentMissing, refusal } from './refuse.ts'
import { attributesToSet } from './wish.ts'

export interface LinkWish {
  readonly path: string
  readonly src: string
  readonly hard: boolean
  readonly force: boolean
  readonly owner?: string | undefined
  readonly group?: string | undefined
}

/** A link to be there. Where it points must be there too, unless `force`. */
export function* planLink(wish: LinkWish): Asking<Plan> {
  const { path, src, hard, force, owner, group } = wish
  const aim = src.startsWith('/') ? src : `${parentOf(tidyPath(path))}/${src}`
  const [link, target] = yield* askAll(fileStat(path, { follow: false, owner, group }), fileStat(aim))
  const refused = refusal(link, wish) ?? (link.type === 'absent' ? parentMissing(link) : undefined)
  if (refused) return refused
  const isItself = tidyPath(aim) === tidyPath(path) || (link.type !== 'link' && target.real === link.real)
  if (isItself && !hard) return failed('refused', `${path} would be a link to itself`, 'correct `src`')
  if (target.type === 'absent' && (hard || !force)) {
    return failed(
      'not-found',
      `${src}, where the link shall point, is not there`,
      hard ? 'make it in a task before' : 'set `force: true` to link to it nevertheless',
    )
  }
  if (hard && target.type !== 'file')
    return failed('refused', `${src} is no file: only files have hard links`, 'use `state: link`')
  const result = { dest: path, src, state: hard ? 'hard' : 'link' }
  const replaces = replaced(link, { target, wish })
  if (replaces === 'right') {
    const changes = hard ? [] : ownerChanges(link, wish)
    return changes.length === 0 ? unchanged(result) : changed(changes, result)
  }
  if (replaces === undefined) {
    return failed(
      'refused',
      `${path} is there already, and is no link`,
      'set `force: true` to put the link in its place',
    )
  }
  // A folder gives way only where nothing is in it.
  if (replaces === 'directory' && (yield* ask(fileTree(link.real))).length > 1) {
    return failed('refused', `${path} is a folder with something in it`, 'remove it in a task before')
  }
  return changed(
    [makeLink({ path, real: link.real, target: hard ? target.real : src, hard, owner, group, replaces })],
    result,
  )
}

/** What the link takes the place of; 'right': it is there; undefined: something that is not given up. */
function replaced(
  link: FileAnswer,
  { target, wish }: { target: FileAnswer; wish: LinkWish },
): LinkMake['replaces'] | 'right' | undefined {
  if (link.type === 'absent') return 'absent'
  if (wish.hard && link.type === 'file') {
    // A file that is only planned has no number yet, but it is itself.
    if (link.real === target.real || (typeof link.inode === 'number' && link.inode === target.inode)) return 'right'
    return wish.force ? 'file' : undefined
  }
  if (link.type === 'link') return !wish.hard && link.target === wish.src ? 'right' : { target: link.target ?? '' }
  if (!wish.force || (link.type !== 'file' && link.type !== 'directory')) return undefined
  return link.type
}

function ownerChanges(link: FileAnswer, { owner, group }: LinkWish): readonly Change[] {
  const differs = attributesToSet(link, { owner, group })
  if (differs === undefined) return []
  const { path, real } = link
  return [setAttrs({ path, real, type: 'link', ...differs, before: { owner: link.owner, group: link.group } })]
}
