import type { Plan } from '../../core/module.ts'
import { under } from '../../questions/file/path.ts'
import type { FileAnswer } from '../../questions/file.ts'
import { failed } from '../failed.ts'
import type { AttributeWish } from './schema.ts'

/** Why nothing can be done with a file as it was found; undefined where it can. */
export function refusal(file: FileAnswer, wish: AttributeWish = {}): Plan | undefined {
  if (file.denied === 'folder') {
    return failed('permission-denied', `this user may not look into ${file.parent.real}`, 'set `become: true`')
  }
  if (file.denied === 'content') {
    return failed('permission-denied', `this user may not read ${file.path}`, 'set `become: true`')
  }
  if (leadsNowhere(file)) {
    const hint = 'remove the link in a task before, or make what it points at'
    return failed('refused', `${file.path} is a link in a circle, or into a folder that is not there`, hint)
  }
  if (file.ownerExists === false) return noAccount('user', wish.owner)
  if (file.groupExists === false) return noAccount('group', wish.group)
  return undefined
}

/** A link whose end cannot even be named, so that nothing can be made there. */
function leadsNowhere({ type, target, path, real, parent }: FileAnswer): boolean {
  if (type !== 'absent' || target === undefined) return false
  return parent.type !== 'directory' || real === under(parent.real, path.slice(path.lastIndexOf('/') + 1))
}

function noAccount(what: 'user' | 'group', name: string | undefined): Plan {
  return failed(
    'not-found',
    `there is no ${what} '${name}' on this host`,
    `make it in a task before: ${what}, name: ${name}`,
  )
}

/** Where a file must have its folder already. */
export function parentMissing({ path, parent }: FileAnswer): Plan | undefined {
  if (parent.type === 'directory') return undefined
  if (parent.type === 'other') return failed('not-found', `${path} cannot be there: a name on the way is no folder`)
  const hint = `make it in a task before: file, path: ${parent.real}, state: directory`
  return failed('not-found', `the folder ${parent.real} is not there`, hint)
}

/** Why a file's content cannot be edited; undefined where it is text, or absent. */
export function notEditable(file: FileAnswer): Plan | undefined {
  const { path, type } = file
  if (type === 'absent') return undefined
  if (type !== 'file') return failed('refused', `${path} is a ${type === 'directory' ? 'folder' : type}, not a file`)
  if (file.large) return failed('unsupported', `${path} is larger than 1 MiB: too large to be edited`)
  if (file.text === undefined) return failed('unsupported', `${path} is no UTF-8 text`)
  return undefined
}
