import { defineModule, type Plan } from '../core/module.ts'
import { type Asking, ask, askAll } from '../core/question.ts'
import { reveal, type Text } from '../core/secret.ts'
import { sha256 } from '../core/sha256.ts'
import { type FileAnswer, fileStat, fileText } from '../questions/file.ts'
import { localFile } from '../questions/local.ts'
import { failed } from './failed.ts'
import { planFolder } from './files/copy-folder.ts'
import { type Content, contentOf, deliver, deliveryPlan } from './files/deliver.ts'
import { refusal } from './files/refuse.ts'
import { absolutePath, modeArg, type WritingWish, writingArgs } from './files/schema.ts'

export const copy = defineModule({
  name: 'copy',
  summary: 'Put a file, a folder, or given text on the host.',
  args: {
    type: 'object',
    required: ['dest'],
    additionalProperties: false,
    properties: {
      src: {
        type: 'string',
        minLength: 1,
        lookup: 'files',
        description: 'A file or folder of the project; a folder with a slash at its end means what is in it.',
      },
      content: { type: 'string', secret: true, description: 'The content itself, instead of src.' },
      dest: { ...absolutePath, description: 'Where it goes; with a slash at its end (or a folder there): into it.' },
      remote_src: { type: 'boolean', default: false, description: 'src is a file on the host itself.' },
      force: { type: 'boolean', default: true, description: 'false: what is there already stays as it is.' },
      directory_mode: { ...modeArg, description: 'The mode of folders that a copied folder brings.' },
      follow: {
        type: 'boolean',
        default: true,
        description: 'A link at dest is written through; false is not supported.',
        const: true,
      },
      ...writingArgs,
    },
  },
  returns: {
    dest: 'the file on the host',
    checksum: 'SHA-256 of its content',
    backup_file: 'where the old content was kept',
  },
  targets: args => [{ facet: 'file', name: args.dest }],
  *plan(args): Asking<Plan> {
    const { src, content, dest, owner, group } = args
    if ((src === undefined) === (content === undefined)) {
      return failed('wrong-value', 'either `src` or `content` is wanted', 'give one of the two')
    }
    if (content !== undefined) {
      if (dest.endsWith('/'))
        return failed('wrong-value', '`content` needs the name of a file', 'write dest without the slash')
      return yield* planOne(dest, { content, mode: undefined }, args)
    }
    if (args.remote_src) return yield* planRemote(src!, args)
    const [local, file] = yield* askAll(localFile(src!), fileText(placeFor(src!, dest), { owner, group }))
    if (local.type === 'directory') return yield* planFolder({ local, src: src! }, args)
    if (local.type !== 'file') return failed('refused', `${src} is neither a file nor a folder`)
    const source = { content: contentOf(local), mode: local.mode }
    if (file.type === 'directory' && !dest.endsWith('/')) return yield* planOne(within(src!, dest), source, args)
    return finish(file, source, args)
  },
})

type Args = WritingWish & { readonly force: boolean; readonly dest: string; readonly src?: string | undefined }

interface Source {
  readonly content: Content
  /** For `preserve`. */
  readonly mode: string | undefined
}

function* planOne(dest: string, source: Source, args: Args): Asking<Plan> {
  const { owner, group } = args
  return finish(yield* ask(fileText(dest, { owner, group })), source, args)
}

function finish(file: FileAnswer, { content, mode }: Source, args: Args): Plan {
  if (file.type === 'directory') return failed('refused', `${file.path} is a folder`, 'name a file in it')
  const wish = { ...args, mode: args.mode === 'preserve' ? mode : args.mode }
  const done = deliver({ file, content, wish, parents: args.dest.endsWith('/'), force: args.force })
  return deliveryPlan(file, done, { checksum: checksum(content), ...(args.src === undefined ? {} : { src: args.src }) })
}

function checksum(content: Content): string {
  if (typeof content === 'object' && 'big' in content) return content.big.digest!
  const bytes = content instanceof Uint8Array ? content : reveal(content as Text)
  return sha256(bytes)
}

/** `dest` itself, or with a slash at its end the file of that name in it. */
function placeFor(src: string, dest: string): string {
  return dest.endsWith('/') ? within(src, dest) : dest
}

function within(src: string, dest: string): string {
  const name = src.replace(/\/+$/, '')
  return `${dest.replace(/\/+$/, '')}/${name.slice(name.lastIndexOf('/') + 1)}`
}

// One write holds it in memory at both ends.
const largest = 16 * 1024 * 1024

function* planRemote(src: string, args: Args): Asking<Plan> {
  if (!src.startsWith('/')) return failed('wrong-value', `src ${src} is on the host, so it must be an absolute path`)
  const [source, dest] = yield* askAll(fileText(src, { limit: largest }), fileStat(args.dest))
  const refused = refusal(source) ?? unusable(source)
  if (refused) return refused
  const isFolder = dest.type === 'directory' || args.dest.endsWith('/')
  const place = isFolder ? within(src, args.dest) : args.dest
  return yield* planOne(place, { content: source.text ?? source.bytes!, mode: source.mode }, args)
}

function unusable(source: FileAnswer): Plan | undefined {
  if (source.type === 'absent') return failed('not-found', `there is no file ${source.path} on the host`)
  if (source.type !== 'file')
    return failed(
      'unsupported',
      `${source.path} is a ${source.type}: remote_src copies files only`,
      'use `command: cp -a`',
    )
  if (source.large)
    return failed('unsupported', `${source.path} is larger than 16 MiB`, 'use `command: cp` with `creates`')
  return undefined
}
