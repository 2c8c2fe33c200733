import { didYouMean } from '../core/did-you-mean.ts'
import type { Span } from '../core/span.ts'
import type { MapEntry, MapNode, Node } from '../language/node.ts'
import type { Problems } from './problems.ts'
import type { Read } from './read.ts'

/** What each key of a map is read by. */
export type Table = { readonly [key: string]: Read<unknown> }
export type Results<T extends Table> = { -readonly [K in keyof T]?: T[K] extends Read<infer Result> ? Result : never }

export interface Keys<T extends Table> {
  readonly values: Results<T>
  readonly spans: { readonly [K in keyof T]?: Span }
}

/** Reads the keys of the table; what else the map holds comes back as `rest`. */
export function readKeys<T extends Table>(
  node: MapNode,
  table: T,
  problems: Problems,
): Keys<T> & { readonly rest: readonly MapEntry[] } {
  const values: { [key: string]: unknown } = {}
  const spans: { [key: string]: Span } = {}
  const rest: MapEntry[] = []
  for (const entry of node.entries) {
    const read = Object.hasOwn(table, entry.key) ? table[entry.key] : undefined
    if (!read) {
      rest.push(entry)
      continue
    }
    spans[entry.key] = entry.keySpan
    const value = read(entry.value, { problems, what: entry.key })
    if (value !== undefined) values[entry.key] = value
  }
  return { values: values as Results<T>, spans: spans as Keys<T>['spans'], rest }
}

/** Reads a map that may hold the table's keys and no others. */
export function readExactly<T extends Table>(
  node: MapNode,
  table: T,
  at: { problems: Problems; where: string },
): Keys<T> {
  const keys = readKeys(node, table, at.problems)
  for (const entry of keys.rest) unknownKey(entry, Object.keys(table), at)
  return keys
}

export function unknownKey(
  entry: MapEntry,
  known: Iterable<string>,
  at: { problems: Problems; where: string },
): undefined {
  const near = didYouMean(entry.key, known)
  const hint = habits[entry.key] ?? (near === undefined ? undefined : `did you mean '${near}'?`)
  const message = `${at.where} has no key '${entry.key}'`
  return at.problems.add({ code: 'unknown-key', message, span: entry.keySpan, hint })
}

/** Keys that other tools know, and what to write here. */
const habits: { readonly [key: string]: string } = {
  action: 'write the module itself as the key: `copy:` and its arguments',
  local_action: 'write the module as the key, and `delegate_to: localhost`',
  sudo: 'write `become: true`',
  sudo_user: 'write `become_user:`',
  remote_user: 'set `user:` in the inventory, or give --user',
  connection: 'set `connection:` in the inventory',
  port: 'set `port:` in the inventory',
  async: 'set `timeout:`; tasks run to their end here',
  poll: 'tasks run to their end here; `until` waits for something to come true',
  module_defaults: 'give the arguments to the tasks, by a variable or a YAML anchor',
  collections: 'modules bear their plain names: take the line out',
  vars_prompt: 'hand the values in: -e name=value, or -e @FILE',
  first_available_file: 'use `include_vars` or a template',
  become_flags: 'sudo is called without options of one’s own',
  include: 'write `include_tasks`, or `import_tasks`',
  debugger: 'there is none: use --check --diff and -v',
  args_from: 'write the arguments below the module',
}

/** The map itself, or what is said about something else. */
export function asMap(node: Node, at: { problems: Problems; where: string }): MapNode | undefined {
  if (node.kind === 'map') return node
  const message = `${at.where} must be a map of keys, not ${node.kind === 'list' ? 'a list' : 'a single value'}`
  return at.problems.add({ code: 'wrong-type', message, span: node.span })
}
