import { changed, type Plan, unchanged } from '../../core/module.ts'
import { reveal, Secret, type Text } from '../../core/secret.ts'
import type { Vars } from '../../core/value.ts'
import type { FileAnswer } from '../../questions/file.ts'
import { failed } from '../failed.ts'
import { notEditable, parentMissing, refusal } from './refuse.ts'
import type { WritingWish } from './schema.ts'
import { contentChanges, fileResult } from './wish.ts'

export interface Editing {
  readonly file: FileAnswer
  readonly wish: WritingWish
  /** Whether a missing file is made. */
  readonly create: boolean
  /** The edit and what is told of it; a PatternError is caught by the module. */
  edit(text: string): { readonly text: Text; readonly msg: string }
}

/** The plan of a module that edits the text of one file. */
export function planEdit({ file, wish, create, edit }: Editing, result: Vars = {}): Plan {
  const refused = refusal(file, wish) ?? notEditable(file)
  if (refused) return refused
  if (file.type === 'absent') {
    if (!create)
      return failed('not-found', `there is no file ${file.path}`, 'set `create: true`, or make it in a task before')
    const missing = parentMissing(file)
    if (missing) return missing
  }
  const { text, msg } = edit(file.text ?? '')
  const changes = contentChanges(file, text, wish)
  const told = { msg, ...result, ...fileResult(file, changes) }
  return changes.length === 0 ? unchanged(told) : changed(changes, told)
}

/** Text made of a secret is a secret, as long as it still holds it. */
export function asSecretAs(text: string, ...sources: readonly (Text | undefined)[]): Text {
  const secret = sources.some(source => source instanceof Secret && text.includes(reveal(source)))
  return secret ? new Secret(text) : text
}
