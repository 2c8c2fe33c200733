import { makeDir } from '../changes/dir-make.ts'
import type { Change } from '../core/change.ts'
import { changed, defineModule, type Plan, unchanged } from '../core/module.ts'
import { type Asking, ask, askAll } from '../core/question.ts'
import { userState } from '../questions/account.ts'
import { type FileAnswer, fileStat, fileText } from '../questions/file.ts'
import { failed } from './failed.ts'
import { editKeys, readKey } from './files/keys.ts'
import { notEditable, parentMissing, refusal } from './files/refuse.ts'
import { absolutePath } from './files/schema.ts'
import { attributeChanges, contentChanges } from './files/wish.ts'

export const authorizedKey = defineModule({
  name: 'authorized_key',
  summary: "Keep SSH keys among a user's authorized keys, or keep them out.",
  args: {
    type: 'object',
    required: ['user', 'key'],
    additionalProperties: false,
    properties: {
      user: { type: 'string', minLength: 1 },
      key: {
        type: 'string',
        minLength: 1,
        description: 'Public keys, one a line, as in the .pub files; comment lines are left out.',
      },
      state: { enum: ['present', 'absent'], default: 'present' },
      exclusive: { type: 'boolean', default: false, description: 'All other keys go.' },
      path: { ...absolutePath, description: 'The file; ~/.ssh/authorized_keys of the user when absent.' },
      manage_dir: { type: 'boolean', default: true, description: 'Make ~/.ssh, mode 0700.' },
      key_options: { type: 'string', description: 'Options put before the key, such as no-port-forwarding.' },
      comment: { type: 'string', description: "Instead of the key's own comment." },
    },
  },
  returns: { keyfile: 'the file with the keys', user: 'the user' },
  targets: args => (args.path === undefined ? [] : [{ facet: 'file', name: args.path }]),
  *plan(args): Asking<Plan> {
    const lines = args.key
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== '' && !line.startsWith('#'))
    const bad = lines.find(line => readKey(line) === undefined)
    if (bad !== undefined)
      return failed('wrong-value', `this is no public key: ${bad.slice(0, 40)}…`, 'give the line of a .pub file')
    const account = yield* ask(userState(args.user))
    if (!account.exists || account.home === undefined) {
      return failed(
        'not-found',
        `there is no user '${args.user}'`,
        `make it in a task before: user, name: ${args.user}`,
      )
    }
    const path = args.path ?? `${account.home}/.ssh/authorized_keys`
    const folder = path.slice(0, path.lastIndexOf('/')) || '/'
    const [file, dir] = yield* askAll(fileText(path), fileStat(folder))
    const refused = refusal(file) ?? notEditable(file)
    if (refused) return refused
    const own = { owner: args.user, group: account.group }
    const text = editKeys(file.text ?? '', { ...args, keys: lines })
    const result = { keyfile: path, user: args.user }
    if (file.type === 'absent' && text === '') return unchanged(result)
    if (dir.type !== 'directory' && !args.manage_dir)
      return parentMissing(file) ?? failed('not-found', `${folder} is no folder`)
    // Only what pitool makes gets its mode and owner: those of a file that is there are its user's own business, but for
    // its keys to count sshd wants nobody else to write there.
    const folders = args.manage_dir && args.path === undefined ? folderChanges(dir, own) : []
    const wish = file.type === 'absent' ? { mode: '0600', ...own } : {}
    const changes = [...folders, ...(text === file.text ? [] : contentChanges(file, text, wish))]
    return changes.length === 0 ? unchanged(result) : changed(changes, result)
  },
})

function folderChanges(
  dir: FileAnswer,
  own: { readonly owner: string; readonly group: string | undefined },
): readonly Change[] {
  if (dir.type === 'directory') return attributeChanges(dir, { mode: '0700', ...own })
  return [makeDir({ path: dir.path, real: dir.real, missing: dir.parent.missing, mode: '0700', ...own })]
}
