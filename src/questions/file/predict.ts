import { reveal } from '../../core/secret.ts'
import { sha256 } from '../../core/sha256.ts'
import type { PredictedFile, PredictedUser, Shadow } from '../../core/shadow.ts'
import { Unknown } from '../../core/unknown.ts'
import type { FileAnswer, FileArg, FileParent } from '../file.ts'
import { parentOf, under } from './path.ts'

/** The path through links that are only planned; without `follow` the last name is kept. */
export function redirectFile(shadow: Shadow, arg: FileArg): FileArg | Unknown {
  if (shadow.files.size === 0) return arg
  if (/\/\.\.(\/|$)/.test(arg.path)) return upwards(shadow, arg)
  const folder = shadow.canonical(parentOf(arg.path))
  if (folder instanceof Unknown) return folder
  const own = under(folder, arg.path.slice(arg.path.lastIndexOf('/') + 1))
  const path = arg.follow ? shadow.canonical(own) : own
  if (path instanceof Unknown) return path
  const link = shadow.files.get(own)
  const target = link !== undefined && !(link instanceof Unknown) && link.type === 'link' ? link.target : undefined
  return path === arg.path ? arg : { ...arg, path, named: { path: arg.path, target } }
}

/** Only the host can tell where `x/..` leads, and not even that where x or what it leads to is planned. */
function upwards(shadow: Shadow, arg: FileArg): FileArg | Unknown {
  const parts = arg.path.split('/')
  const prefixes = parts.flatMap((part, i) => (part === '..' ? [parts.slice(0, i).join('/')] : []))
  const target = shadow.canonical(arg.path)
  const end = target instanceof Unknown ? target : shadow.files.get(target)
  const isPlanned = prefixes.some(prefix => lookUp(shadow, prefix) !== undefined)
  if (!isPlanned && !(end instanceof Unknown) && end?.type !== 'link') return arg
  return new Unknown(`where ${arg.path} leads is known after apply`)
}

export function predictFile(shadow: Shadow, arg: FileArg, actual?: FileAnswer): FileAnswer | Unknown | undefined {
  if (actual === undefined) return undefined
  const predicted = lookUp(shadow, actual.real) ?? enabling(shadow, actual.real)
  if (predicted instanceof Unknown) return predicted
  const answer = predicted ? overlay(arg, actual, predicted) : asFound(shadow, actual)
  if (answer instanceof Unknown) return answer
  const parent = predictParent(shadow, actual.parent)
  if (parent instanceof Unknown) return parent
  const known = accounts(shadow, arg, actual)
  if (known instanceof Unknown) return known
  const { path, target = answer.target } = arg.named ?? answer
  return { ...answer, path, ...(target === undefined ? {} : { target }), parent, ...known }
}

/** Where a unit is linked to when it is enabled stands in its file. */
function enabling(shadow: Shadow, real: string): Unknown | undefined {
  const unit = /^\/etc\/systemd\/system\/[^/]+\.(?:wants|requires|upholds)\/([^/]+)$/.exec(real)?.[1]
  if (unit === undefined || shadow.values.get(`unit.links:${unit}`) === undefined) return undefined
  return new Unknown(`whether ${unit} has a link here is known after apply`)
}

/** What is planned for this path, or follows from what is planned for a folder above it. */
function lookUp(shadow: Shadow, real: string): PredictedFile | Unknown | undefined {
  const own = shadow.files.get(real)
  if (own !== undefined) return own
  for (let at = parentOf(real); at !== '/'; at = parentOf(at)) {
    const above = shadow.files.get(at)
    if (above instanceof Unknown) return above
    if (above && above.type !== 'directory') return { type: 'absent' }
  }
  return undefined
}

function asFound(shadow: Shadow, actual: FileAnswer): FileAnswer | Unknown {
  if (actual.type === 'absent' && shadow.notFound) return shadow.notFound
  const altered = actual.type === 'directory' && [...shadow.files.keys()].some(path => parentOf(path) === actual.real)
  return altered ? { ...actual, ...later, links: later.size } : actual
}

const notYet = new Unknown('times and sizes are known after apply')
const later = { size: notYet, mtime: notYet, inode: notYet }

function overlay(arg: FileArg, actual: FileAnswer, planned: PredictedFile): FileAnswer | Unknown {
  const { path, real, parent, asker } = actual
  if (planned.type === 'absent') return { path, real, type: 'absent', parent, asker }
  const was = actual.type === planned.type ? actual : undefined
  const mode = planned.mode ?? was?.mode ?? new Unknown(`the mode of ${real} is known after apply`)
  const owner = planned.owner ?? was?.owner ?? asker?.owner ?? new Unknown(`the owner of ${real} is known after apply`)
  const group = planned.group ?? was?.group ?? asker?.group ?? new Unknown(`the group of ${real} is known after apply`)
  if (mode instanceof Unknown) return mode
  if (owner instanceof Unknown) return owner
  if (group instanceof Unknown) return group
  const doubt = otherSpelling(arg.owner, owner) ?? otherSpelling(arg.group, group)
  if (doubt) return doubt
  const uid = owner === was?.owner ? was.uid : numberOf(owner)
  const gid = group === was?.group ? was.gid : numberOf(group)
  const known = { path, real, type: planned.type, parent, mode, owner, group, uid, gid }
  if (planned.type === 'link') {
    const links = planned.target === undefined ? was?.links : 1
    return { ...known, ...later, links, target: planned.target ?? was?.target }
  }
  if (planned.type === 'directory') return { ...was, ...known, ...later, links: notYet }
  if (planned.text === undefined && was) return { ...was, ...known }
  return content(arg, { ...known, ...later, links: 1 }, planned.text ?? '')
}

function numberOf(account: string): number | Unknown {
  if (account === 'root') return 0
  return /^\d+$/.test(account) ? Number(account) : new Unknown(`the number of ${account} is known after apply`)
}

/** A name and a number may be the same account: the accounts of the host would have to be asked. */
function otherSpelling(wish: string | undefined, planned: string): Unknown | undefined {
  if (wish === undefined || wish === planned || /^\d+$/.test(wish) === /^\d+$/.test(planned)) return undefined
  if ([wish, planned].includes('root')) return undefined
  return new Unknown(`whether ${wish} is ${planned} is known after apply`)
}

function content(arg: FileArg, answer: FileAnswer, planned: NonNullable<PredictedFile['text']>): FileAnswer | Unknown {
  if (planned instanceof Unknown) return arg.want === 'stat' ? { ...answer, size: planned } : planned
  const bytes = Buffer.from(planned instanceof Uint8Array ? planned : reveal(planned))
  const sized = { ...answer, size: bytes.length }
  if (arg.want === 'stat') return sized
  const digest = sha256(bytes)
  if (arg.want === 'digest') return { ...sized, digest }
  if (bytes.length > arg.limit) return { ...sized, digest, large: true }
  const text = bytes.toString('utf8')
  return { ...sized, digest, bytes, ...(Buffer.from(text).equals(bytes) ? { text } : {}) }
}

function predictParent(shadow: Shadow, actual: FileParent): FileParent | Unknown {
  const planned = lookUp(shadow, actual.real)
  if (planned instanceof Unknown) return planned
  if (planned === undefined) {
    if (actual.type === 'directory') return actual
    return shadow.notFound ?? { ...actual, missing: actual.missing.filter(folder => !isPlanned(shadow, folder)) }
  }
  if (planned.type === 'absent') return { type: 'absent', real: actual.real, missing: gone(shadow, actual.real) }
  if (planned.type !== 'directory') return { ...actual, type: 'other', missing: [] }
  const { mode, owner, group } = planned
  return {
    ...actual,
    type: 'directory',
    missing: [],
    ...(typeof mode === 'string' ? { mode } : {}),
    ...(typeof owner === 'string' ? { owner } : {}),
    ...(typeof group === 'string' ? { group } : {}),
  }
}

function isPlanned(shadow: Shadow, folder: string): boolean {
  const planned = lookUp(shadow, folder)
  return planned !== undefined && !(planned instanceof Unknown) && planned.type === 'directory'
}

/** The folders that are planned away, outermost first. */
function gone(shadow: Shadow, real: string): readonly string[] {
  const folders: string[] = []
  for (let at = real; at !== '/'; at = parentOf(at)) {
    const seen = lookUp(shadow, at)
    if (seen instanceof Unknown || seen?.type !== 'absent') break
    folders.unshift(at)
  }
  return folders
}

function accounts(shadow: Shadow, arg: FileArg, actual: FileAnswer): Partial<FileAnswer> | Unknown {
  const owner = exists(shadow, shadow.users.get(arg.owner ?? ''), actual.ownerExists)
  const group = exists(shadow, shadow.groups.get(arg.group ?? ''), actual.groupExists)
  if (owner instanceof Unknown) return owner
  if (group instanceof Unknown) return group
  return {
    ...(owner === undefined ? {} : { ownerExists: owner }),
    ...(group === undefined ? {} : { groupExists: group }),
  }
}

function exists(
  shadow: Shadow,
  planned: PredictedUser | Unknown | undefined,
  actual: boolean | undefined,
): boolean | Unknown | undefined {
  if (planned instanceof Unknown) return planned
  return planned?.exists ?? (actual === false && shadow.notFound ? shadow.notFound : actual)
}
