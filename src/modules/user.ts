import { type NewHome, setUser, type UserSet } from '../changes/user-set.ts'
import { changed, defineModule, type Plan, unchanged } from '../core/module.ts'
import { type Asking, ask, askAll } from '../core/question.ts'
import { reveal, type Text } from '../core/secret.ts'
import { type GroupAnswer, groupState, type UserAnswer, userState } from '../questions/account.ts'
import { fileStat } from '../questions/file.ts'
import { newHome } from './accounts/new-home.ts'
import { failed, fixedAccounts } from './failed.ts'

export const user = defineModule({
  name: 'user',
  summary: 'Keep a local user, or keep it out.',
  args: {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', aliases: ['user'], pattern: '^[a-z_][a-z0-9_.-]*\\$?$', expects: 'the name of a user' },
      state: { enum: ['present', 'absent'], default: 'present' },
      uid: { type: 'integer', minimum: 0 },
      group: { type: 'string', minLength: 1, description: 'The primary group; it must be there.' },
      groups: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        description: 'Supplementary groups: exactly these, unless `append`.',
      },
      append: { type: 'boolean', default: false, description: 'Groups it is in already stay.' },
      home: { type: 'string', pattern: '^/', expects: 'an absolute path' },
      move_home: { type: 'boolean', default: false, description: 'Move what is in the old home to the new one.' },
      create_home: { type: 'boolean', default: true, description: 'Make its home, when the user is made.' },
      shell: { type: 'string', pattern: '^/', expects: 'the absolute path of a shell' },
      comment: { type: 'string', pattern: '^[^:\\n]*$', expects: 'a text without colons' },
      password: {
        type: 'string',
        secret: true,
        description: "The crypt hash (`mkpasswd -m sha-512`), never the password itself; '!' locks it.",
      },
      update_password: { enum: ['always', 'on_create'], default: 'always' },
      system: { type: 'boolean', default: false, description: 'A number below 1000, when it is made.' },
      remove: { type: 'boolean', default: false, description: 'With absent: its home goes too.' },
    },
  },
  returns: { name: 'the user', uid: 'its number, where known', home: 'its home', state: 'present or absent' },
  targets: args => [{ facet: 'user', name: args.name }],
  *plan(args): Asking<Plan> {
    const { name, password } = args
    const named = [...new Set([...(args.group === undefined ? [] : [args.group]), ...(args.groups ?? [])])]
    const [seen, ...groups] = yield* askAll(
      userState(name, { password: password !== undefined }),
      ...named.map(one => groupState(one)),
    )
    const leaves = args.state === 'absent' && args.remove ? yield* homeThatStays(seen) : undefined
    const planned = leaves ?? (yield* plannedFor(args, seen, groups))
    return seen.fixed && planned.changes.length > 0 ? fixedAccounts() : planned
  },
})

function* plannedFor(
  args: Args & { readonly state: 'present' | 'absent'; readonly remove: boolean },
  seen: UserAnswer,
  groups: readonly GroupAnswer[],
): Asking<Plan> {
  const { name, state } = args
  if (state === 'absent') {
    const gone = { name, state }
    const { exists, unfinished } = seen
    if (!exists && unfinished === undefined) return unchanged(gone)
    return changed(
      [
        setUser({
          name,
          action: 'remove',
          removeHome: args.remove,
          unfinished,
          ...(args.remove ? { leaves: seen.home } : {}),
        }),
      ],
      gone,
    )
  }
  const { exists, unfinished } = seen
  const whole = unfinished === undefined || unfinished.action === 'change'
  return unfit(args, groups) ?? (exists && whole ? alter(seen, args) : add(args, seen, yield* newHome(args)))
}

/** userdel leaves a home that belongs to somebody else, and says so only when the account is gone. */
function* homeThatStays({ name, uid, home, unfinished }: UserAnswer): Asking<Plan | undefined> {
  const path = home ?? unfinished?.home
  if (path === undefined || !path.startsWith('/')) return undefined
  const { type, owner, uid: of } = yield* ask(fileStat(path))
  if (type === 'absent' || owner === undefined || owner === name || of === (uid ?? unfinished?.uid)) return undefined
  return failed(
    'refused',
    `the home of ${name}, ${path}, belongs to ${owner}: it would not go with the account`,
    'leave `remove` out, and take away what shall go by `file` with `state: absent`',
  )
}

interface Args {
  readonly name: string
  readonly uid?: number | undefined
  readonly group?: string | undefined
  readonly groups?: readonly string[] | undefined
  readonly append: boolean
  readonly home?: string | undefined
  readonly move_home: boolean
  readonly create_home: boolean
  readonly shell?: string | undefined
  readonly comment?: string | undefined
  readonly password?: Text | undefined
  readonly update_password: 'always' | 'on_create'
  readonly system: boolean
}

function unfit({ password }: Args, groups: readonly GroupAnswer[]): Plan | undefined {
  const missing = groups.find(group => !group.exists && !/^\d+$/.test(group.name))
  if (missing)
    return failed(
      'not-found',
      `there is no group '${missing.name}'`,
      `make it in a task before: group, name: ${missing.name}`,
    )
  if (password === undefined || /^(\$[0-9a-z]+\$|[!*]|.{13}$)/.test(reveal(password)) || reveal(password) === '')
    return undefined
  return failed(
    'wrong-value',
    '`password` is no crypt hash',
    'make one by `mkpasswd -m sha-512` and keep it as a secret',
  )
}

function add(args: Args, { unfinished, uid: seen }: UserAnswer, made: NewHome | undefined): Plan {
  const { name, uid = seen, group, groups, home, create_home, shell, comment, system, password } = args
  const change = setUser({
    name,
    action: 'add',
    uid,
    group,
    groups,
    home,
    createHome: create_home,
    made,
    shell,
    comment,
    system,
    password,
    unfinished,
  })
  return changed([change], {
    name,
    state: 'present',
    ...(home === undefined ? {} : { home }),
    ...(uid === undefined ? {} : { uid }),
  })
}

function alter(seen: UserAnswer, args: Args): Plan {
  const { name } = args
  const wish = differences(seen, args)
  const result = { name, state: 'present', uid: seen.uid ?? null, home: args.home ?? seen.home ?? null }
  const { unfinished } = seen
  if (Object.keys(wish).length === 0 && unfinished === undefined) return unchanged(result)
  const { uid, group, groups, home, shell, comment } = seen
  const before = {
    uid: String(uid),
    group: group ?? '',
    groups: (groups ?? []).join(','),
    home: home ?? '',
    shell: shell ?? '',
    comment: comment ?? '',
  }
  const move = wish.home === undefined ? {} : { moveHome: args.move_home, ...(args.move_home ? { leaves: home } : {}) }
  return changed([setUser({ name, action: 'change', ...wish, ...move, before, unfinished })], result)
}

/** Only what is not as wished; all that is wished, where some of it may stand in one base and not in the other. */
function differences({ unfinished, ...now }: UserAnswer, args: Args): Partial<UserSet> {
  const { uid, group, home, shell, comment, password, update_password } = args
  const seen: UserAnswer = unfinished === undefined ? now : { name: now.name, exists: true, groups: now.groups }
  const groups = unfinished === undefined ? wantedGroups(now, args) : wholeGroups(now, args)
  // Whoever may not read the hash cannot set it either: usermod says so.
  const hashed = password !== undefined && update_password === 'always' && seen.password?.reveal() !== reveal(password)
  return {
    ...(uid === undefined || uid === seen.uid ? {} : { uid }),
    ...(group === undefined || group === seen.group || group === String(seen.gid) ? {} : { group }),
    ...(groups === undefined ? {} : { groups }),
    ...(home === undefined || home === seen.home ? {} : { home }),
    ...(shell === undefined || shell === seen.shell ? {} : { shell }),
    ...(comment === undefined || comment === seen.comment ? {} : { comment }),
    ...(hashed ? { password } : {}),
  }
}

/** The whole set that it shall have, where that is not what it has. */
function wantedGroups(seen: UserAnswer, args: Args): readonly string[] | undefined {
  const wanted = wholeGroups(seen, args)
  return wanted?.join(',') === [...(seen.groups ?? [])].sort().join(',') ? undefined : wanted
}

function wholeGroups(seen: UserAnswer, { groups, append, group }: Args): readonly string[] | undefined {
  if (groups === undefined) return undefined
  const primary = group ?? seen.group
  return [...new Set([...groups.filter(one => one !== primary), ...(append ? (seen.groups ?? []) : [])])].sort()
}
