import { defineModule, unchanged } from '../core/module.ts'
import { ask } from '../core/question.ts'
import type { Vars } from '../core/value.ts'
import { type FileAnswer, fileDigest, fileStat } from '../questions/file.ts'
import { refusal } from './files/refuse.ts'
import { absolutePath } from './files/schema.ts'

export const stat = defineModule({
  name: 'stat',
  summary: 'Look at a file without touching it.',
  args: {
    type: 'object',
    required: ['path'],
    additionalProperties: false,
    properties: {
      path: { ...absolutePath, aliases: ['dest', 'name'] },
      follow: { type: 'boolean', default: false, description: 'Look at what a link points at.' },
      get_checksum: { type: 'boolean', default: true, description: 'The SHA-256 of its content.' },
      checksum_algorithm: {
        enum: ['sha256'],
        default: 'sha256',
        description: 'Ansible takes SHA-1; this is always SHA-256.',
      },
    },
  },
  returns: {
    stat: 'exists, path, isdir, isreg, islnk, mode, size, uid, gid, pw_name, gr_name, mtime, inode, nlink, lnk_target, lnk_source, checksum, readable',
  },
  opaque: () => false,
  *plan({ path, follow, get_checksum }) {
    const file = yield* ask(get_checksum ? fileDigest(path, { follow }) : fileStat(path, { follow }))
    const refused = file.denied === 'folder' ? refusal(file) : undefined
    return refused ?? unchanged({ stat: describe(file) })
  },
})

function describe(file: FileAnswer): Vars {
  const { path, type, real } = file
  if (type === 'absent') return { exists: false }
  const all = {
    exists: true,
    path,
    isdir: type === 'directory',
    isreg: type === 'file',
    islnk: type === 'link',
    mode: file.mode,
    size: file.size,
    uid: file.uid,
    gid: file.gid,
    pw_name: file.owner,
    gr_name: file.group,
    mtime: file.mtime,
    inode: file.inode,
    nlink: file.links,
    lnk_target: file.target,
    lnk_source: file.target === undefined ? undefined : real,
    checksum: file.digest,
    readable: file.denied === undefined,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Vars
}
