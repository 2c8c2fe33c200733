import { writeFile } from '../changes/file-write.ts'
import { setMark } from '../changes/mark-set.ts'
import { changed, defineModule, type Plan, unchanged } from '../core/module.ts'
import { askAll } from '../core/question.ts'
import { type BootAnswer, boot } from '../questions/boot.ts'
import { type FileAnswer, fileText } from '../questions/file.ts'
import { type MarkAnswer, mark, rebootRequired } from '../questions/mark.ts'
import { failed } from './failed.ts'
import { type CmdlineEdit, cmdlineWords, editCmdline } from './pi/cmdline.ts'
import { cmdlinePlaces } from './pi/cmdline-places.ts'

const token = {
  type: 'string',
  pattern: '^[^\\s"]+("[^"\\n]*")?$',
  expects: 'one word of the kernel command line, such as cgroup_enable=memory',
} as const

/** What the module saw of the host. */
interface Seen {
  readonly boot: BootAnswer
  readonly mark: MarkAnswer
  readonly file: FileAnswer
}

export const kernelCmdline = defineModule({
  name: 'kernel_cmdline',
  summary:
    'Keep words in the kernel command line of a Raspberry Pi, or keep them out. The file is found by itself, stays one line, and is backed up before its first change. What needs a reboot is noted for the module `reboot`.',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      present: { type: 'array', items: token, default: [], description: 'Words to be there, each as a whole.' },
      absent: { type: 'array', items: token, default: [], description: 'Words not to be there, each as a whole.' },
      path: {
        type: 'string',
        pattern: '^/',
        expects: 'an absolute path',
        description: `The file; found by itself when absent: the first there is of ${cmdlinePlaces.join(', ')}.`,
      },
    },
  },
  returns: {
    path: 'the file that counts',
    cmdline: 'the line in it, as it is or will be',
    reboot_required: 'whether the running kernel was started without what the file says',
    backup_file: 'where the old content was kept, when it was changed',
  },
  targets: args => (args.path === undefined ? cmdlinePlaces : [args.path]).map(name => ({ facet: 'file', name })),
  *plan(args) {
    const both = args.present.find(word => args.absent.includes(word))
    if (both !== undefined)
      return failed('task-failed', `'${both}' is wanted both present and absent`, 'decide for one')
    const places = args.path === undefined ? cmdlinePlaces : [args.path]
    const [bootAnswer, markAnswer, ...files] = yield* askAll(
      boot(),
      mark(rebootRequired),
      ...places.map(place => fileText(place)),
    )
    const file = files.find(one => one.type !== 'absent')
    if (file === undefined) return notFound(places)
    if (file.type !== 'file' || file.text === undefined) {
      return failed('cmdline-not-kernel', `${file.path} is no text file`, 'name the right one by `path`')
    }
    const edit = editCmdline(file.text, args)
    if ('refused' in edit) return refused(file, edit)
    return decide({ boot: bootAnswer, mark: markAnswer, file }, edit, args)
  },
})

type Accepted = Extract<CmdlineEdit, { readonly text: string }>
type Wish = { readonly present: readonly string[]; readonly absent: readonly string[] }

function decide(seen: Seen, edit: Accepted, wish: Wish): Plan {
  const { file } = seen
  const result = { path: file.path, cmdline: edit.line }
  const noted = `the kernel command line ${file.path} was changed`
  if (edit.text === file.text) {
    if (seen.mark.set) return unchanged({ ...result, reboot_required: true })
    if (!waitsForReboot(seen, wish)) return unchanged({ ...result, reboot_required: false })
    return changed([setMark(rebootRequired, noted)], { ...result, reboot_required: true }, { message: noted })
  }
  const backup = `${file.real}.pitool-${file.digest!.slice(0, 8)}`
  const write = writeFile({
    path: file.path,
    real: file.real,
    text: edit.text,
    kept: { mode: file.mode!, owner: file.owner!, group: file.group! },
    before: file.text,
    expects: file.digest,
    backup,
  })
  // The note comes first: a run killed in between reboots once too often, never once too few.
  return changed([setMark(rebootRequired, noted), write], { ...result, reboot_required: true, backup_file: backup })
}

// The boot is reckoned to the second, and file times are cut off below theirs.
const grain = 1

/** The file was changed in this boot, by whomever, and the running kernel was started without it. */
function waitsForReboot({ boot, file }: Seen, { present, absent }: Wish): boolean {
  if (typeof file.mtime !== 'number' || file.mtime < boot.bootedAt + grain) return false
  const running = new Set(cmdlineWords(boot.cmdline))
  // The firmware puts this one before the file's own words by itself; order decides.
  const unwanted = absent.filter(word => word !== 'cgroup_disable=memory')
  return present.some(word => !running.has(word)) || unwanted.some(word => running.has(word))
}

function notFound(places: readonly string[]): Plan {
  return failed(
    'cmdline-not-found',
    `this host has no kernel command line file: looked for ${places.join(', ')}`,
    'on a Raspberry Pi check that the boot partition is mounted (`findmnt /boot/firmware`); elsewhere name the file by `path`',
  )
}

function refused(file: FileAnswer, edit: Exclude<CmdlineEdit, Accepted>): Plan {
  const many = edit.refused === 'many-lines'
  return failed(
    many ? 'cmdline-many-lines' : 'cmdline-not-kernel',
    `${file.path} is left alone: ${edit.why}`,
    many
      ? `join the lines of ${file.path} into one by hand, leaving out what does not belong there`
      : 'check that the boot partition is mounted (`findmnt /boot/firmware`), or name the right file by `path`',
  )
}
