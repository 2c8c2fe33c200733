import { Failure } from '../../core/diagnostic.ts'
import { reveal } from '../../core/secret.ts'
import { printBytes, quote } from '../../core/sh.ts'
import type { UserSet } from '../user-set.ts'
import { finishing } from './finish.ts'

/** By useradd and its kin; where they are missing, as on busybox, by adduser. */
export function userScript(change: UserSet): string {
  return [tools, ...finishing(change, [...accountScript(change), ...passwordScript(change)])].join('\n')
}

function accountScript(change: UserSet): readonly string[] {
  const { name, action, removeHome } = change
  if (action === 'remove') {
    return [
      `if [ -n "$useradd" ]; then userdel ${removeHome ? '-r ' : ''}-- ${quote(name)}; else deluser ${removeHome ? '--remove-home ' : ''}-- ${quote(name)}; fi`,
    ]
  }
  const options = optionsOf(change)
  if (action === 'add')
    return [
      `if [ -n "$useradd" ]; then useradd ${[...options, ...homeOptions(change)].join(' ')} -- ${quote(name)}; else ${adduser(change)}; fi`,
    ]
  return options.length === 0
    ? []
    : [
        `if [ -z "$useradd" ]; then echo 'usermod: not found' >&2; exit 127; fi`,
        `usermod ${options.join(' ')} -- ${quote(name)}`,
      ]
}

const tools = 'useradd=; if command -v useradd >/dev/null 2>&1; then useradd=1; fi'

function optionsOf({
  action,
  uid,
  group,
  groups,
  append,
  home,
  moveHome,
  shell,
  comment,
  system,
}: UserSet): readonly string[] {
  const add = action === 'add'
  return [
    ...(uid === undefined ? [] : [`-u ${uid}`]),
    ...(group === undefined ? [] : [`-g ${quote(group)}`]),
    ...(groups === undefined ? [] : [`${append && !add ? '-a ' : ''}-G ${quote(groups.join(',')) || "''"}`]),
    ...(home === undefined ? [] : [`-d ${quote(home)}${moveHome && !add ? ' -m' : ''}`]),
    ...(shell === undefined ? [] : [`-s ${quote(shell)}`]),
    ...(comment === undefined ? [] : [`-c ${quote(comment)}`]),
    ...(system && add ? ['-r'] : []),
  ]
}

function homeOptions({ createHome }: UserSet): readonly string[] {
  return [createHome === false ? '-M' : '-m']
}

/** busybox: groups are joined one by one. No `&&`: what fails before the last of a list does not end the script. */
function adduser({ name, uid, group, groups = [], home, createHome, shell, comment, system }: UserSet): string {
  const options = [
    '-D',
    ...(uid === undefined ? [] : [`-u ${uid}`]),
    ...(group === undefined ? [] : [`-G ${quote(group)}`]),
    ...(home === undefined ? [] : [`-h ${quote(home)}`]),
    ...(shell === undefined ? [] : [`-s ${quote(shell)}`]),
    ...(comment === undefined ? [] : [`-g ${quote(comment)}`]),
    ...(system ? ['-S'] : []),
    ...(createHome === false ? ['-H'] : []),
  ]
  const joins = groups.map(one => `addgroup -- ${quote(name)} ${quote(one)}`)
  return [`adduser ${options.join(' ')} -- ${quote(name)}`, ...joins].join('; ')
}

/** The hash goes by standard input: an argument could be read by everybody. */
function passwordScript({ name, password }: UserSet): readonly string[] {
  if (password === undefined) return []
  const hash = reveal(password)
  // One line an account: what holds another would set another's.
  if (/[:\n\r\0]/.test(`${name}${hash}`)) {
    const message = `the hash of the password of ${JSON.stringify(name)} is none: it holds a colon or a line end`
    throw new Failure({ code: 'refused', message, hint: 'make one by `mkpasswd -m sha-512`' })
  }
  return [`${printBytes(`${name}:${hash}\n`)} | chpasswd -e`]
}
