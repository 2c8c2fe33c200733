import { downloadFile } from '../changes/file-download.ts'
import { changed, defineModule, type Plan, unchanged } from '../core/module.ts'
import { type Asking, ask } from '../core/question.ts'
import { fileDigest } from '../questions/file.ts'
import { failed } from './failed.ts'
import { resolveMode } from './files/mode.ts'
import { refusal } from './files/refuse.ts'
import { absolutePath, modeArg } from './files/schema.ts'
import { attributeChanges } from './files/wish.ts'

export const getUrl = defineModule({
  name: 'get_url',
  summary: 'Let the host fetch a file, which counts only with the digest it must have.',
  args: {
    type: 'object',
    required: ['url', 'dest', 'checksum'],
    additionalProperties: false,
    properties: {
      url: {
        type: 'string',
        pattern: '^https?://[^\\s]+$',
        expects: 'an address that begins with https:// or http://',
      },
      dest: { ...absolutePath, description: 'The file. Missing folders above are made.' },
      checksum: {
        type: 'string',
        pattern: '^sha256:[0-9a-fA-F]{64}$',
        expects: 'sha256: and 64 hexadecimal digits',
        description: 'What it must be. A file that has it already is not fetched.',
      },
      mode: { ...modeArg, default: '0644' },
    },
  },
  returns: { dest: 'the file', url: 'where it came from', checksum_dest: 'its SHA-256' },
  targets: args => [{ facet: 'file', name: args.dest }],
  *plan({ url, dest, checksum, mode }): Asking<Plan> {
    const digest = checksum.slice('sha256:'.length).toLowerCase()
    const file = yield* ask(fileDigest(dest))
    const refused = refusal(file)
    if (refused) return refused
    if (file.type !== 'file' && file.type !== 'absent') return failed('refused', `${dest} is there, and is no file`)
    const result = { dest, url, checksum_dest: digest }
    if (file.type === 'absent' || file.digest !== digest)
      return changed([downloadFile({ path: dest, url, digest, mode: resolveMode(mode, file.mode, false) })], result)
    const changes = attributeChanges(file, { mode })
    return changes.length === 0 ? unchanged(result) : changed(changes, result)
  },
})
