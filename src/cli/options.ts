import type { Options } from 'yargs'

const list = { type: 'string', array: true, requiresArg: true } as const
const text = { type: 'string', requiresArg: true } as const
const number = { type: 'number', requiresArg: true } as const
const flag = { type: 'boolean' } as const

/** What opens encrypted files. */
const secretOptions = {
  'vault-password-file': {
    ...list,
    describe: 'file that holds the password of ansible-vault files (several: repeat it)',
  },
  'ask-vault-pass': { ...flag, alias: 'ask-vault-password', describe: 'ask for the password of ansible-vault files' },
} satisfies Record<string, Options>

/** Where the hosts come from and which of them are meant. */
const hostOptions = {
  inventory: { ...list, alias: 'i', describe: 'inventory file or folder (several: repeat it)' },
  limit: { ...text, alias: 'l', describe: 'only these hosts: names, groups, globs, !without, &and, @file' },
  'extra-vars': { ...list, alias: 'e', describe: 'k=v, JSON or @file: stronger than all other variables' },
  ...secretOptions,
} satisfies Record<string, Options>

/** How to reach them and become another user there. */
const connectOptions = {
  user: { ...text, alias: 'u', describe: 'log in as' },
  'private-key': { ...text, alias: 'key-file', describe: 'key file to log in with' },
  'ask-pass': { ...flag, alias: 'k', describe: 'ask for the login password' },
  'connection-password-file': { ...text, describe: 'file that holds the login password, readable by you only' },
  become: { ...flag, alias: 'b', describe: 'become root (sudo)' },
  'ask-become-pass': { ...flag, alias: 'K', describe: 'ask for the sudo password' },
  'become-password-file': { ...text, describe: 'file that holds the sudo password, readable by you only' },
  'known-hosts': { ...text, describe: 'known_hosts file to verify host keys with' },
  'accept-new': { ...flag, describe: 'remember the keys of hosts never seen before' },
  timeout: { ...number, alias: 'T', describe: 'seconds to wait for a connection' },
  forks: { ...number, alias: 'f', describe: 'how many hosts are worked on at once' },
} satisfies Record<string, Options>

const outputOptions = {
  output: { type: 'string', requiresArg: true, default: 'human', describe: 'human, or ndjson: an event a line' },
  verbose: { type: 'boolean', count: true, alias: 'v', describe: 'tasks with nothing to do too; -vv: results too' },
} satisfies Record<string, Options>

export const playOptions = {
  ...hostOptions,
  check: { ...flag, alias: 'C', describe: 'show what a run would do, change nothing' },
  diff: { ...flag, alias: 'D', describe: 'show how texts change' },
  tags: { ...list, alias: 't', describe: 'only tasks with one of these tags (a,b)' },
  'skip-tags': { ...list, describe: 'without tasks with one of these tags' },
  ...connectOptions,
  'syntax-check': { ...flag, describe: 'read everything, connect nowhere' },
  'list-hosts': { ...flag, describe: 'list the hosts and end' },
  'list-tasks': { ...flag, describe: 'list the tasks and end' },
  'list-tags': { ...flag, describe: 'list the tags and end' },
  'detailed-exitcode': { ...flag, describe: 'with --check: exit 3 where something would change' },
  'no-look-ahead': { ...flag, describe: 'ask for each task at its turn only: slower, for comparison' },
  shard: { ...text, describe: 'i/n: only the i-th of n parts of the inventory, for several machines side by side' },
  'wait-lock': { ...number, describe: 'seconds to wait for a host that another run is at work on' },
  yes: { ...flag, alias: 'y', describe: 'ask nothing: begin at once' },
  ...outputOptions,
} satisfies Record<string, Options>

export const inventoryOptions = {
  ...hostOptions,
  graph: { ...flag, describe: 'groups and hosts as a tree' },
  list: { ...flag, describe: 'everything as JSON, in the shape of ansible-inventory' },
  host: { ...text, describe: 'the variables of one host' },
  origins: { ...flag, describe: 'with --host: where each value came from' },
  address: { ...text, describe: 'with add: how the new host is reached' },
  group: { ...text, describe: 'with add: the group the new host goes into' },
  label: { ...list, describe: "with add: k=v, a label of the new host's node (several: repeat it)" },
} satisfies Record<string, Options>

export const pingOptions = { ...hostOptions, ...connectOptions, ...outputOptions } satisfies Record<string, Options>
export const runOptions = {
  ...pingOptions,
  'become-user': { ...text, describe: 'become this user instead of root' },
} satisfies Record<string, Options>
export const unlockOptions = { ...hostOptions, ...connectOptions, ...outputOptions } satisfies Record<string, Options>
export const reportOptions = { output: outputOptions.output } satisfies Record<string, Options>
export const runsOptions = {} satisfies Record<string, Options>
export const docOptions = {} satisfies Record<string, Options>
