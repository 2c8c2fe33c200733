import { accountBases, newAccountFiles } from '../core/account-files.ts'
import type { Change } from '../core/change.ts'
import { quote } from '../core/sh.ts'
import { explainAbout } from './explain.ts'
import type { ChangeKind } from './kind.ts'

/** A local group: made, renumbered, or removed. */
export interface GroupSet extends Change {
  readonly kind: 'group.set'
  readonly name: string
  readonly action: 'add' | 'change' | 'remove'
  readonly gid?: number | undefined
  readonly system?: boolean | undefined
  readonly before?: string | undefined
}

export function setGroup(change: Omit<GroupSet, 'kind'>): GroupSet {
  return { kind: 'group.set', ...change }
}

export const groupSet: ChangeKind<GroupSet> = {
  kind: 'group.set',
  carry: change => ({ script: groupScript(change) }),
  explain: (section, { name }) => explainAbout(`group ${name}`, section),
  fold(shadow, { name, action, gid }) {
    shadow.obscure(accountBases, `what it holds with the group ${name} is known after apply`)
    const fields = gid === undefined ? {} : { fields: { gid: String(gid) } }
    shadow.groups.set(name, action === 'remove' ? { exists: false } : { exists: true, ...fields })
  },
  diff({ name, action, gid, before }) {
    const verb = { add: 'create', change: 'alter', remove: 'remove' }[action]
    const number = gid === undefined ? [] : [{ name: 'gid', before: before ?? '', after: String(gid) }]
    const state =
      action === 'change'
        ? []
        : [
            {
              name: 'state',
              before: action === 'add' ? 'absent' : 'present',
              after: action === 'add' ? 'present' : 'absent',
            },
          ]
    return { subject: `group ${name}`, summary: `${verb} group ${name}`, facets: [...state, ...number] }
  },
  footprint: ({ name, action }) => [
    `group:${name}`,
    'user',
    'file.tree',
    ...(action === 'add' ? newAccountFiles(name) : ['file']),
  ],
}

function groupScript({ name, action, gid, system }: GroupSet): string {
  const group = quote(name)
  const number = gid === undefined ? '' : `-g ${gid} `
  if (action === 'remove')
    return `if command -v groupdel >/dev/null 2>&1; then groupdel -- ${group}; else delgroup -- ${group}; fi`
  if (action === 'change') return `groupmod ${number}-- ${group}`
  return `if command -v groupadd >/dev/null 2>&1; then groupadd ${system ? '-r ' : ''}${number}-- ${group}; else addgroup ${system ? '-S ' : ''}${number}-- ${group}; fi`
}
