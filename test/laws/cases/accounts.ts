import fc from 'fast-check'
import type { Unfinished } from '../../../src/core/account-note.ts'
import { Secret } from '../../../src/core/secret.ts'
import { printBytes } from '../../../src/core/sh.ts'
import type { FileAnswer } from '../../../src/questions/file.ts'
import { isRoot } from '../gen/found.ts'
import type { Trial } from '../trial.ts'
import type { Cases } from './cases.ts'

const hash = '$6$canary$0123456789abcdefghijklmnopqrstuvwxyz'

const knownGroup = fc
  .record({ exists: fc.boolean(), gid: fc.constantFrom(4000, 4001) })
  .map(({ exists, gid }) => (exists ? { name: 'lawg', exists, gid, members: [] } : { name: 'lawg', exists }))

/** Accounts of the lab that are the trial's own; a number is theirs alone. */
const groupFound = fc.option(fc.constantFrom(4000, 4001), { nil: undefined })
const groupWish = fc.record(
  { state: fc.constantFrom('present', 'present', 'absent'), gid: fc.constantFrom(4000, 4001), system: fc.boolean() },
  { requiredKeys: [] },
)

export const group: Cases = {
  module: 'group',
  answers: fc.tuple(groupWish, knownGroup).map(([wish, group]) => ({
    args: { name: 'lawg', ...wish },
    answers: { group },
  })),
  lab: fc.tuple(groupFound, groupWish).map(([gid, wish]) => ({
    found: `groupdel lawg 2>/dev/null || :\n${gid === undefined ? '' : `groupadd -g ${gid} lawg`}`,
    tasks: [
      { name: 'one', group: { name: 'lawg', ...wish } },
      { name: 'look', group: { name: 'lawg', ...wish }, register: 'again' },
    ],
  })),
}

const userWish = fc.record(
  {
    state: fc.constantFrom('present', 'present', 'present', 'absent'),
    uid: fc.constantFrom(4100, 4101),
    group: fc.constantFrom('daemon', 'users'),
    groups: fc.subarray(['adm', 'audio', 'video']),
    append: fc.boolean(),
    home: fc.constantFrom('/home/lawu', '/srv/law u'),
    shell: fc.constantFrom('/bin/sh', '/usr/sbin/nologin'),
    comment: fc.constantFrom('', 'A, B & co', 'ü'),
    create_home: fc.boolean(),
    system: fc.boolean(),
    remove: fc.boolean(),
  },
  { requiredKeys: [] },
)
const hashed = fc.record(
  { password: fc.constantFrom(hash, '!'), update_password: fc.constantFrom('always', 'on_create') },
  { requiredKeys: [] },
)

const knownUser = fc
  .record({
    uid: fc.constantFrom(4100, 4101),
    group: fc.constantFrom('lawu', 'daemon'),
    groups: fc.subarray(['adm', 'audio', 'lp']),
    home: fc.constantFrom('/home/lawu', '/srv'),
    shell: fc.constantFrom('/bin/sh', '/bin/bash'),
    comment: fc.constantFrom('', 'A, B & co'),
    password: fc.constantFrom(hash, '!', '*').map(text => new Secret(text)),
    unfinished: fc.constantFrom<Unfinished | undefined>(
      undefined,
      undefined,
      { action: 'add', fresh: true },
      { action: 'change', home: '/home/old' },
      { action: 'remove', uid: 4100, home: '/home/lawu' },
    ),
  })
  .map(fields => ({ name: 'lawu', exists: true, gid: 1, ...fields }))

const named = (name: string) => [`group ${name}`, { name, exists: true, gid: 1, members: [] }] as const

/** Its own, or another's with which it would not go. */
const home = (path: string): FileAnswer => ({
  path,
  real: path,
  type: 'directory',
  mode: '0755',
  owner: path === '/srv' ? 'root' : 'lawu',
  group: 'root',
  uid: path === '/srv' ? 0 : 4100,
  gid: 0,
  parent: { type: 'directory', real: '/', mode: '0755', owner: 'root', group: 'root', missing: [] },
})

const noHome = (path: string): FileAnswer => ({
  path,
  real: path,
  type: 'absent',
  parent: { type: 'directory', real: '/', mode: '0755', owner: 'root', group: 'root', missing: [] },
  asker: { owner: 'root', group: 'root' },
})

const skeletal = (path: string) => ({ path, type: 'file', mode: '0644', owner: 'root', group: 'root', uid: 0, gid: 0 })

const userFound = fc.record(
  {
    uid: fc.constantFrom(4100, 4101),
    groups: fc.subarray(['adm', 'audio', 'lp']),
    shell: fc.constantFrom('/bin/sh', '/bin/bash'),
    hash: fc.constantFrom(hash, '!'),
  },
  { requiredKeys: [] },
)

export const user: Cases = {
  module: 'user',
  answers: fc
    .tuple(userWish, hashed, fc.option(knownUser, { nil: undefined, freq: 4 }))
    .map(([wish, { password, ...more }, user]) => ({
      args: { name: 'lawu', ...wish, ...more, ...(password === undefined ? {} : { password: new Secret(password) }) },
      answers: {
        user: user ?? { name: 'lawu', exists: false },
        file: user === undefined ? noHome(wish.home ?? '/home/lawu') : home(user.home),
        'file.tree': ['/etc/skel', '/etc/skel/.profile', '/etc/skel/docs/read'].map(skeletal),
        ...Object.fromEntries(['daemon', 'users', 'adm', 'audio', 'video'].map(named)),
      },
    })),
  lab: fc.tuple(userWish, hashed, fc.option(userFound, { nil: undefined, freq: 4 })).map(
    ([wish, { password, ...more }, found]): Trial => ({
      found: [
        'userdel -rf lawu 2>/dev/null || :; groupdel lawu 2>/dev/null || :; rm -rf "/srv/law u"',
        ...(found === undefined ? [] : [foundUser(found)]),
      ].join('\n'),
      tasks: [
        {
          name: 'one',
          user: {
            name: 'lawu',
            ...wish,
            ...more,
            ...(password === undefined ? {} : { password: password === hash ? '{{hash}}' : password }),
          },
        },
        { name: 'own', file: { path: '/law/own', state: 'touch', owner: 'lawu' }, ignore_errors: true },
      ],
      ...(password === hash ? { secrets: { hash } } : {}),
    }),
  ),
}

function foundUser({
  uid,
  groups,
  shell,
  hash,
}: {
  uid?: number
  groups?: readonly string[]
  shell?: string
  hash?: string
}) {
  const words = [
    ...(uid === undefined ? [] : [`-u ${uid}`]),
    ...(groups === undefined || groups.length === 0 ? [] : [`-G ${groups.join(',')}`]),
    ...(shell === undefined ? [] : [`-s ${shell}`]),
  ]
  return `useradd -m ${words.join(' ')} lawu${hash === undefined ? '' : `; printf '%s\\n' 'lawu:${hash}' | chpasswd -e`}`
}

const key = (letter: string) => `AAAAC3NzaC1lZDI1NTE5AAAAI${letter.repeat(43)}`
const keyLine = fc.constantFrom(
  `ssh-ed25519 ${key('A')} a@b`,
  `ssh-ed25519 ${key('A')} another comment`,
  `ssh-ed25519 ${key('B')}`,
  `from="192.0.2.0/24",no-pty ssh-ed25519 ${key('C')} c`,
)
const keysFile = fc
  .array(fc.oneof(keyLine, fc.constantFrom('# a comment', '', 'not a key')), { maxLength: 4 })
  .map(lines => lines.map(one => `${one}\n`).join(''))
const keyWish = fc.record(
  {
    key: fc.array(keyLine, { minLength: 1, maxLength: 2 }).map(lines => lines.join('\n')),
    state: fc.constantFrom('present', 'present', 'absent'),
    exclusive: fc.boolean(),
    comment: fc.constant('new'),
    key_options: fc.constant('no-port-forwarding'),
  },
  { requiredKeys: ['key'] },
)

export const authorizedKey: Cases = {
  module: 'authorized_key',
  ...(isRoot
    ? {
        scratch: fc.tuple(fc.option(keysFile, { nil: undefined, freq: 4 }), keyWish).map(
          ([text, wish]): Trial => ({
            found: text === undefined ? ':' : `${printBytes(text)} >/law/keys`,
            tasks: [{ name: 'one', authorized_key: { user: 'daemon', path: '/law/keys', ...wish } }],
          }),
        ),
      }
    : {}),
  lab: fc.tuple(fc.option(keysFile, { nil: undefined, freq: 4 }), keyWish).map(
    ([text, wish]): Trial => ({
      found: [
        'id lawk >/dev/null 2>&1 || useradd -m lawk; rm -rf /home/lawk/.ssh',
        ...(text === undefined ? [] : [`mkdir /home/lawk/.ssh; ${printBytes(text)} >/home/lawk/.ssh/authorized_keys`]),
      ].join('\n'),
      tasks: [{ name: 'one', authorized_key: { user: 'lawk', ...wish } }],
    }),
  ),
}
