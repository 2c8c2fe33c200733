import { accountNote, readUnfinished, type Unfinished } from '../core/account-note.ts'
import type { Question } from '../core/question.ts'
import { Secret } from '../core/secret.ts'
import type { Section } from '../core/section.ts'
import { quote } from '../core/sh.ts'
import type { PredictedUser, Shadow } from '../core/shadow.ts'
import { Unknown } from '../core/unknown.ts'
import { badAnswer } from './bad-answer.ts'
import type { QuestionKind } from './kind.ts'
import { linesOf, nulParts, wholeNumber } from './lines.ts'

export interface UserAnswer {
  readonly name: string
  readonly exists: boolean
  /** The rest is there where the user exists. */
  readonly uid?: number | undefined
  /** The primary group, by name. */
  readonly group?: string | undefined
  readonly gid?: number | undefined
  /** Supplementary groups, sorted, without the primary one. */
  readonly groups?: readonly string[] | undefined
  readonly home?: string | undefined
  readonly shell?: string | undefined
  readonly comment?: string | undefined
  /** Nothing here can alter accounts: neither useradd nor adduser. */
  readonly fixed?: true | undefined
  /** The hash as /etc/shadow has it; only for root and only where asked. */
  readonly password?: Secret | undefined
  /** What was begun with it and cut short: it may be in some of the bases only. */
  readonly unfinished?: Unfinished | undefined
}

export interface UserArg {
  readonly name: string
  readonly password: boolean
}

export function userState(name: string, { password = false } = {}): Question<UserAnswer> {
  return { kind: 'user', key: password ? `${name}\0password` : name, arg: { name, password } satisfies UserArg }
}

export interface GroupAnswer {
  readonly name: string
  readonly exists: boolean
  readonly gid?: number | undefined
  readonly members?: readonly string[] | undefined
  /** Nothing here can alter groups: neither groupadd nor addgroup. */
  readonly fixed?: true | undefined
}

export function groupState(name: string): Question<GroupAnswer> {
  return { kind: 'group', key: name, arg: name }
}

// NSS where getent is; else the files, whole, and the parser picks its names.
const getent = `if command -v getent >/dev/null 2>&1; then base() { getent "$@" 2>/dev/null || :; }
else base() { cat "/etc/$1" 2>/dev/null || :; }; fi`

/** Prints `fixed` where neither program is there; on Debian they are outside of a user's own path, which only grows. */
function fixedUnless(one: string, other: string): string {
  return `PATH=$PATH:/usr/sbin:/sbin
command -v ${one} >/dev/null 2>&1 || command -v ${other} >/dev/null 2>&1 || printf fixed; printf '\\000'`
}

export const user: QuestionKind<UserArg, UserAnswer> = {
  kind: 'user',
  sh(args) {
    const names = askable(args.map(arg => arg.name))
    const secret = askable(args.filter(arg => arg.password).map(arg => arg.name))
    const end = "printf '\\000'"
    return [
      getent,
      fixedUnless('useradd', 'adduser'),
      `${names === '' ? '' : `base passwd ${names}; `}${end}`,
      `base group; ${end}`,
      `${secret === '' ? '' : `base shadow ${secret}; `}${end}`,
      ...args.map(arg => arg.name).flatMap(noteOf),
      end,
    ].join('\n')
  },
  parse(section, args) {
    const [alterable, ...parts] = nulParts(section, 5, 'users')
    const notes = linesOf(parts[3]!)
    const [users, groups, hashes] = parts.slice(0, 3).map(part => linesOf(part).map(line => line.split(':')))
    const fixed = fixedOf(alterable!, section)
    return args.map(({ name }) => ({
      ...readUser(name, { users: users!, groups: groups!, hashes: hashes!, section }),
      ...unfinishedOf(name, notes),
      ...fixed,
    }))
  },
  about: arg => [arg.name],
  limit: () => 4 * 1024 * 1024,
  predict: predictUser,
}

/**
 * Prints the note of what was begun, with its name before it. What had a password set was made whole before that, and
 * may have been lived in since.
 */
function noteOf(name: string): readonly string[] {
  const note = accountNote(name)
  if (note === undefined) return []
  return [
    `if [ -r ${quote(note)} ] && IFS= read -r line < ${quote(note)}; then`,
    `  if grep -q ${quote(`^${name.replaceAll('.', '[.]').replace('$', '[$]')}:[^!*:]`)} /etc/shadow 2>/dev/null; then line="\${line%% *} whole"; fi`,
    `  printf '%s %s\\n' ${quote(name)} "$line"`,
    'fi',
  ]
}

function unfinishedOf(name: string, notes: readonly string[]): { readonly unfinished?: Unfinished } {
  const note = notes.find(line => line.startsWith(`${name} `))
  const unfinished = note === undefined ? undefined : readUnfinished(note.slice(name.length + 1))
  return unfinished === undefined ? {} : { unfinished }
}

/** No account has a name that getent would take for an option. */
function askable(names: readonly string[]): string {
  const some = names.map(name => quote(name)).filter((_, i) => !names[i]!.startsWith('-'))
  return some.join(' ')
}

function fixedOf(said: string, section: Section): { readonly fixed?: true } {
  if (said !== '' && said !== 'fixed') throw badAnswer('accounts', section)
  return said === '' ? {} : { fixed: true }
}

interface Bases {
  readonly users: readonly (readonly string[])[]
  readonly groups: readonly (readonly string[])[]
  readonly hashes: readonly (readonly string[])[]
  readonly section: Section
}

function readUser(name: string, { users, groups, hashes, section }: Bases): UserAnswer {
  const entry = users.find(fields => fields[0] === name)
  if (entry === undefined) return { name, exists: false }
  if (entry.length < 7) throw badAnswer(name, section)
  const [, , uid, gid, comment, home, shell] = entry
  const hash = hashes.find(fields => fields[0] === name)?.[1]
  const primary = groups.find(fields => fields[2] === gid)?.[0] ?? gid!
  const member = groups.filter(fields => fields[3]?.split(',').includes(name)).map(fields => fields[0]!)
  return {
    name,
    exists: true,
    uid: wholeNumber(uid, section, name),
    gid: wholeNumber(gid, section, name),
    group: primary,
    groups: member.filter(group => group !== primary).sort(),
    home,
    shell,
    comment,
    ...(hash === undefined ? {} : { password: new Secret(hash) }),
  }
}

export const group: QuestionKind<string, GroupAnswer> = {
  kind: 'group',
  sh(names) {
    const some = askable(names)
    return `${getent}\n${fixedUnless('groupadd', 'addgroup')}\n${some === '' ? '' : `base group ${some}; `}printf '\\000'`
  },
  parse(section, names) {
    const [alterable, base] = nulParts(section, 2, 'groups')
    const fixed = fixedOf(alterable!, section)
    const entries = linesOf(base!).map(line => line.split(':'))
    return names.map(name => {
      const entry = entries.find(fields => fields[0] === name)
      if (entry === undefined) return { name, exists: false, ...fixed }
      const members = (entry[3] ?? '').split(',').filter(member => member !== '')
      return { name, exists: true, gid: wholeNumber(entry[2], section, name), members, ...fixed }
    })
  },
  predict(shadow, name, actual) {
    if (actual === undefined) return undefined
    const planned = shadow.groups.get(name)
    if (planned === undefined) return actual.exists ? withoutMembers(shadow, actual) : (shadow.notFound ?? actual)
    if (planned instanceof Unknown) return planned
    if (!planned.exists) return { name, exists: false }
    const gid = planned.fields?.gid
    return { ...withoutMembers(shadow, actual), exists: true, ...(typeof gid === 'string' ? { gid: Number(gid) } : {}) }
  },
}

/** Who is in it then hangs on users that are planned. */
function withoutMembers(shadow: Shadow, actual: GroupAnswer): GroupAnswer {
  const { members: _, ...group } = actual
  return shadow.users.size > 0 ? group : actual
}

function predictUser(shadow: Shadow, { name }: UserArg, actual?: UserAnswer): UserAnswer | Unknown | undefined {
  if (actual === undefined) return undefined
  const planned = shadow.users.get(name)
  if (planned === undefined) return actual.exists ? actual : (shadow.notFound ?? actual)
  if (planned instanceof Unknown) return planned
  const { unfinished: _, ...finished } = actual
  return planned.exists ? overlay(finished, planned) : { name, exists: false }
}

function overlay(actual: UserAnswer, { fields = {} }: PredictedUser): UserAnswer | Unknown {
  const unknown = Object.values(fields).find(value => value instanceof Unknown)
  if (unknown instanceof Unknown) return unknown
  const { uid, ...rest } = fields
  const { gid, ...known } = actual
  const sameGroup = rest.group === undefined || rest.group === actual.group
  return {
    ...known,
    exists: true,
    ...rest,
    ...(uid === undefined ? {} : { uid: Number(uid) }),
    ...(sameGroup && gid !== undefined ? { gid } : {}),
  } as UserAnswer
}
