import { removeFile, whyNever } from '../changes/file-remove.ts'
import { changed, defineModule, type Plan, unchanged } from '../core/module.ts'
import { type Asking, ask } from '../core/question.ts'
import { fileStat, fileText } from '../questions/file.ts'
import { failed } from './failed.ts'
import { planDirectory } from './files/directory.ts'
import { planLink } from './files/link.ts'
import { parentMissing, refusal } from './files/refuse.ts'
import { absolutePath, attributeArgs } from './files/schema.ts'
import { attributeChanges, contentChanges } from './files/wish.ts'

export const file = defineModule({
  name: 'file',
  summary: 'Mode and owner of a file; a folder or link to be there; anything to be gone.',
  args: {
    type: 'object',
    required: ['path'],
    additionalProperties: false,
    properties: {
      path: { ...absolutePath, aliases: ['dest', 'name'] },
      state: {
        enum: ['file', 'directory', 'absent', 'link', 'hard', 'touch'],
        default: 'file',
        description:
          '`file` makes nothing; `touch` makes an empty one where none is, and leaves the times of one that is.',
      },
      src: { type: 'string', minLength: 1, description: 'Where the link points, as it shall stand in it.' },
      force: {
        type: 'boolean',
        default: false,
        description: 'For links: take the place of a file or an empty folder.',
      },
      recurse: { type: 'boolean', default: false, description: 'For folders: mode and owner of all in it too.' },
      ...attributeArgs,
    },
  },
  returns: { path: 'the path', state: 'what is there now', dest: 'the path of a link' },
  targets: args => [{ facet: 'file', name: args.path }],
  *plan(args): Asking<Plan> {
    const { state, path, src } = args
    if ((state === 'link' || state === 'hard') !== (src !== undefined)) {
      return failed(
        'wrong-value',
        src === undefined ? '`src` says where a link points' : '`src` is for state: link and state: hard',
      )
    }
    if (args.recurse && state !== 'directory') return failed('wrong-value', '`recurse` is for state: directory')
    if (args.mode === 'preserve') return failed('wrong-value', "there is no mode to preserve: give one, such as '0644'")
    if (state === 'directory') return yield* planDirectory(args)
    if (state === 'link' || state === 'hard') return yield* planLink({ ...args, src: src!, hard: state === 'hard' })
    if (state === 'absent') return yield* planAbsent(path)
    return yield* planFile({ ...args, touch: state === 'touch' })
  },
})

function* planAbsent(path: string): Asking<Plan> {
  const seen = yield* ask(fileText(path, { follow: false }))
  const refused = seen.denied === 'content' ? undefined : refusal(seen)
  if (refused) return refused
  const result = { path, state: 'absent' }
  if (seen.type === 'absent') return unchanged(result)
  const why = whyNever(seen.real)
  if (why !== undefined) return failed('refused', why)
  const { real, type, text } = seen
  return changed([removeFile({ path, real, type, ...(text === undefined ? {} : { before: text }) })], result)
}

interface FileWish {
  readonly path: string
  readonly touch: boolean
  readonly mode?: string | undefined
  readonly owner?: string | undefined
  readonly group?: string | undefined
}

function* planFile(wish: FileWish): Asking<Plan> {
  const { path, touch, owner, group } = wish
  const seen = yield* ask(fileStat(path, { owner, group }))
  const refused = refusal(seen, wish)
  if (refused) return refused
  if (seen.type === 'absent') {
    if (!touch)
      return failed(
        'not-found',
        `there is no file ${path}`,
        '`state: touch` makes one; copy and template bring content',
      )
    const missing = parentMissing(seen)
    return missing ?? changed(contentChanges(seen, '', wish), { dest: path, state: 'file' })
  }
  if (seen.type === 'directory' && !touch) return failed('refused', `${path} is a folder`, 'use `state: directory`')
  const changes = attributeChanges(seen, wish)
  const result = { path, state: seen.type }
  return changes.length === 0 ? unchanged(result) : changed(changes, result)
}
