import type { Section } from '../../core/section.ts'
import { sha256 } from '../../core/sha256.ts'
import { badAnswer } from '../bad-answer.ts'
import type { FileAnswer, FileArg, FileParent } from '../file.ts'
import { under } from './path.ts'
import { Reader } from './reader.ts'
import { readStat, type Stat } from './stat.ts'

interface Look {
  readonly type: FileAnswer['type']
  readonly parentType: FileParent['type']
  readonly parent: string
  readonly missing: readonly string[]
  readonly real: string
  readonly target: string
  readonly denied: string
  readonly content?: Buffer
}

export function parseFiles(section: Section, args: readonly FileArg[]): readonly FileAnswer[] {
  const reader = new Reader(section.stdout)
  const bad = (why?: string) => badAnswer(args.map(arg => arg.path).join(', '), section, why)
  const mark = reader.field()
  if (section.truncated || mark === undefined || !/^[0-9a-f]{32}$/.test(mark)) throw bad()
  const looks = args.map(arg => readLook(reader, arg, mark) ?? fail(bad()))
  const [stats, sums, ids, owners, groups] = [0, 1, 2, 3, 4].map(() => lines(reader.field() ?? fail(bad())))
  if (reader.rest().toString('latin1') !== mark) throw bad()
  const digests = readSums(sums!, args) ?? fail(bad('the sums are not those of the files'))
  const next = stats!.values()
  const stat = () => readStat(next.next().value) ?? fail(bad('a file changed while it was looked at'))
  const own = (look: Look) => look.type !== 'absent'
  const above = (look: Look) => look.parentType !== 'other' && look.denied !== 'folder'
  const asker = askerOf(ids!, stats!.slice(looks.filter(own).length + looks.filter(above).length))
  return args.map((arg, i) => {
    const look = looks[i]!
    const mine = own(look) ? stat() : undefined
    const folder = above(look) ? stat() : undefined
    return {
      ...answer(arg, look, mine, folder),
      ...content(arg, look, digests[i]),
      ...(look.type === 'absent' && asker ? { asker: heir(asker, folder) } : {}),
      ...(arg.owner === undefined ? {} : { ownerExists: known(arg.owner, owners!) }),
      ...(arg.group === undefined ? {} : { groupExists: known(arg.group, groups!) }),
    }
  })
}

function readLook(reader: Reader, arg: FileArg, mark: string): Look | undefined {
  const [type, parentType, folder, rest, base, target, denied] = [0, 1, 2, 3, 4, 5, 6].map(() => reader.field())
  if (denied === undefined || !types.has(type!) || !parentTypes.has(parentType!)) return undefined
  const has = type === 'file' && arg.want === 'text' && denied === ''
  const content = has ? reader.until(Buffer.from(`\0${mark}`)) : undefined
  if (has && content === undefined) return undefined
  const steps = rest!.split('/').filter(step => step !== '')
  const missing = steps.map((_, i) => steps.slice(0, i + 1).reduce(under, folder!))
  const parent = missing.at(-1) ?? folder!
  return {
    type: type as Look['type'],
    parentType: parentType as Look['parentType'],
    parent,
    missing: parentType === 'absent' ? missing : [],
    real: base === '' ? parent : under(parent, base!),
    target: target!,
    denied,
    ...(content === undefined ? {} : { content }),
  }
}

const types: ReadonlySet<string> = new Set(['file', 'directory', 'link', 'absent', 'other'])
const parentTypes: ReadonlySet<string> = new Set(['directory', 'absent', 'other'])

function answer(arg: FileArg, look: Look, own: Stat | undefined, above: Stat | undefined): FileAnswer {
  const { type, real, parentType, parent, missing, target, denied } = look
  return {
    path: arg.path,
    real,
    type,
    ...own,
    ...(target === '' ? {} : { target }),
    ...(denied === '' ? {} : { denied: denied === 'folder' ? 'folder' : 'content' }),
    parent: {
      type: parentType,
      real: parent,
      missing,
      ...(above && parentType === 'directory' ? { mode: above.mode, owner: above.owner, group: above.group } : {}),
    },
  }
}

/** The digest is that of the bytes that were read, so that it is what the module saw. */
function content(arg: FileArg, { content: bytes }: Look, sum: string | undefined): Partial<FileAnswer> {
  if (bytes === undefined) return sum === undefined ? {} : { digest: sum }
  if (bytes.length > arg.limit) return { large: true, ...(sum === undefined ? {} : { digest: sum }) }
  const text = bytes.toString('utf8')
  const digest = sha256(bytes)
  return { bytes, digest, ...(Buffer.from(text).equals(bytes) ? { text } : {}) }
}

/** First a line `+` or `-` for each file whose sum is wanted, then `=`, then the sums of those with `+`. */
function readSums(all: readonly string[], args: readonly FileArg[]): readonly (string | undefined)[] | undefined {
  const wanting = args.filter(arg => arg.want !== 'stat')
  if (wanting.length === 0) return args.map(() => undefined)
  const signs = all.slice(0, wanting.length)
  const sums = all.slice(wanting.length + 1).values()
  if (all[wanting.length] !== '=' || signs.some(sign => sign !== '+' && sign !== '-')) return undefined
  const next = signs.values()
  const found = args.map(arg => (arg.want !== 'stat' && next.next().value === '+' ? (sums.next().value ?? '?') : ''))
  if (!sums.next().done || found.includes('?')) return undefined
  return found.map(line => /^\\?([0-9a-f]{64})\b/.exec(line)?.[1])
}

/** Who asks: by `id` where it was needed, else as stat has it after all else. */
function askerOf(ids: readonly string[], after: readonly string[]): Asker | undefined {
  return ids.length === 2 ? { owner: ids[0]!, group: ids[1]! } : readStat(after[0])
}

type Asker = Pick<Stat, 'owner' | 'group'>

/** Whose a new file would be: a set-group-id folder hands on its group, and to folders that bit too. */
function heir({ owner, group }: Asker, above: Stat | undefined): NonNullable<FileAnswer['asker']> {
  const hands = above !== undefined && (Number.parseInt(above.mode, 8) & 0o2000) !== 0
  return { owner, group: hands ? above.group : group, ...(hands ? { setgid: true } : {}) }
}

function known(name: string, entries: readonly string[]): boolean {
  if (/^\d+$/.test(name)) return true
  return entries.some(entry => entry.startsWith(`${name}:`))
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter(line => line !== '')
}

function fail(error: Error): never {
  throw error
}
