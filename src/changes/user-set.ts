import { accountBases, newAccountFiles } from '../core/account-files.ts'
import type { Unfinished } from '../core/account-note.ts'
import type { Change, Facet } from '../core/change.ts'
import { reveal, Secret, type Text } from '../core/secret.ts'
import type { PredictedUser, Shadow } from '../core/shadow.ts'
import { Unknown } from '../core/unknown.ts'
import { explainAbout } from './explain.ts'
import type { ChangeKind } from './kind.ts'
import { userScript } from './user/script.ts'

/** A local account: made, altered, or removed. Only what is given is set. */
export interface UserSet extends Change {
  readonly kind: 'user.set'
  readonly name: string
  readonly action: 'add' | 'change' | 'remove'
  readonly uid?: number | undefined
  /** The primary group. */
  readonly group?: string | undefined
  /** All supplementary groups it shall have, unless `append`. */
  readonly groups?: readonly string[] | undefined
  readonly append?: boolean | undefined
  readonly home?: string | undefined
  readonly moveHome?: boolean | undefined
  readonly createHome?: boolean | undefined
  /** What `createHome` makes. */
  readonly made?: NewHome | undefined
  /** The home that it has, and that goes with the account or moves. */
  readonly leaves?: string | undefined
  readonly shell?: string | undefined
  readonly comment?: string | undefined
  readonly system?: boolean | undefined
  /** The crypt hash, as /etc/shadow has it. */
  readonly password?: Text | undefined
  /** With `remove`: its home too. */
  readonly removeHome?: boolean | undefined
  /** What was begun with this account and cut short: it is finished first. */
  readonly unfinished?: Unfinished | undefined
  readonly before?: { readonly [field: string]: string } | undefined
}

export interface NewHome {
  readonly path: string
  /** Paths in it that come from the skeleton. */
  readonly holds: readonly string[]
}

export function setUser(change: Omit<UserSet, 'kind'>): UserSet {
  return { kind: 'user.set', ...change }
}

export const userSet: ChangeKind<UserSet> = {
  kind: 'user.set',
  carry: change => ({ script: userScript(change) }),
  explain: (section, { name }) => explainAbout(`user ${name}`, section),
  fold(shadow, change) {
    const { name, action, uid, group, groups, home, shell, comment, password } = change
    shadow.obscure(accountBases, `what it holds with the user ${name} is known after apply`)
    foldHomes(shadow, change)
    if (action === 'remove') {
      shadow.groups.set(name, new Unknown(`whether the group ${name} goes with its user is known after apply`))
      return void shadow.users.set(name, { exists: false })
    }
    const was = shadow.users.get(name)
    const before = was === undefined || was instanceof Unknown || !was.exists ? {} : (was.fields ?? {})
    const fresh = action === 'add' ? defaults(change) : {}
    const wished = {
      uid: uid === undefined ? undefined : String(uid),
      group,
      groups: groups && [...groups].sort(),
      home,
      shell,
      comment,
    }
    const set = Object.fromEntries(Object.entries(wished).filter(([, value]) => value !== undefined)) as typeof fresh
    const hash: NonNullable<PredictedUser['fields']> =
      password === undefined ? {} : { password: new Secret(reveal(password)) }
    shadow.users.set(name, { exists: true, fields: { ...before, ...fresh, ...set, ...hash } })
    if (action === 'add' && group === undefined && !shadow.groups.has(name)) shadow.groups.set(name, { exists: true })
  },
  diff(change) {
    const { name, action, unfinished } = change
    const verb = { add: 'create', change: 'alter', remove: 'remove' }[action]
    const again = unfinished === undefined ? '' : ', which was cut short before'
    return { subject: `user ${name}`, summary: `${verb} user ${name}${again}`, facets: facets(change) }
  },
  footprint(change) {
    const files = isBare(change) ? newAccountFiles(change.name) : ['file']
    return [change.removeHome ? 'user' : `user:${change.name}`, 'group', 'facts', 'file.tree', ...files]
  },
}

function foldHomes(shadow: Shadow, change: UserSet): void {
  const { name, uid, group, made, leaves, moveHome, home, before } = change
  // usermod gives what is in it to the account as it is then.
  if (before?.home && (uid ?? group) !== undefined)
    shadow.obscure([before.home], `whose it is with the user ${name} is known after apply`)
  if (leaves !== undefined) shadow.files.set(leaves, { type: 'absent' })
  if (moveHome && home !== undefined) shadow.obscure([home], `what is moved to ${home} is known after apply`)
  if (made === undefined) return
  const { path, holds } = made
  const mode = new Unknown(`the mode of ${path} is the default of the host`)
  shadow.files.set(path, { type: 'directory', owner: name, group: group ?? name, mode })
  const own = holds.map(one => `${path}/${one}`)
  shadow.obscure(own, `it comes from /etc/skel with the user ${name}`)
}

/** Made without a home, and with nothing to be taken back first. */
function isBare({ action, createHome, unfinished }: UserSet): boolean {
  return action === 'add' && createHome === false && unfinished === undefined
}

/** What useradd fills in by itself; numbers are the host's to choose. */
function defaults({ name }: UserSet): { readonly [field: string]: string | readonly string[] | Unknown } {
  return {
    group: name,
    groups: [],
    home: `/home/${name}`,
    shell: new Unknown('the login shell is the default of the host'),
    comment: '',
  }
}

function facets({
  action,
  before = {},
  uid,
  group,
  groups,
  home,
  shell,
  comment,
  password,
}: UserSet): readonly Facet[] {
  const wishes = { uid: uid?.toString(), group, groups: groups?.join(','), home, shell, comment }
  const set = Object.entries(wishes).flatMap(([name, after]) =>
    after === undefined || before[name] === after ? [] : [{ name, before: before[name] ?? '', after }],
  )
  const secret = password === undefined ? [] : [{ name: 'password', before: '<secret>', after: '<secret>' }]
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
  return [...state, ...set, ...secret]
}
