import { didYouMean } from '../core/did-you-mean.ts'
import type { MapEntry, MapNode, Node } from '../language/node.ts'
import { innerKeywords } from './keywords.ts'
import type { Item } from './model.ts'
import { isNothing, type Read } from './read.ts'
import { asMap, type Keys, readKeys, type Table, unknownKey } from './read-keys.ts'
import type { Scene } from './scene.ts'

/** A task whose key is one of the language's own words: its whole map, and the entry with that word. */
export interface Statement {
  readonly node: MapNode
  readonly entry: MapEntry
  /** The word itself, without `ansible.builtin.`. */
  readonly name: string
}

export type LoadStatement = (statement: Statement, scene: Scene) => readonly Item[]

/** The value as it stands, for who reads it later. */
export const keep: Read<Node> = node => node

/** `ansible.builtin.copy` is `copy`. */
export function plainName(key: string): string {
  return /^[a-z0-9_]+\.[a-z0-9_]+\.([a-z0-9_]+)$/.exec(key)?.[1] ?? key
}

/** The keywords beside the statement's own word; what is neither is a mistake. */
export function readBeside<T extends Table>(
  { node, entry, name }: Statement,
  table: T,
  scene: Scene,
): Keys<typeof innerKeywords & T> {
  const { problems, modules } = scene.loader
  const whole = { ...innerKeywords, ...table }
  const keys = readKeys(node, whole, problems)
  for (const other of keys.rest) {
    if (other === entry) continue
    if (modules.has(plainName(other.key))) {
      const message = `a task does one thing: '${name}' or '${other.key}'`
      problems.add({ code: 'conflicting', message, span: other.keySpan, hint: 'write two tasks, or a block' })
    } else unknownKey(other, Object.keys(whole), { problems, where: `'${name}'` })
  }
  return keys
}

/** A statement's value: a map of its keys, or a text that stands for one of them. */
export function readArguments<T extends Table>(
  { entry, name }: Statement,
  table: T,
  at: { first: keyof T & string; scene: Scene },
): Keys<T> {
  const { problems } = at.scene.loader
  const { value, keySpan } = entry
  if (value.kind === 'scalar' && !isNothing(value)) {
    const node: MapNode = { kind: 'map', entries: [{ key: at.first, keySpan, value }], span: value.span }
    return readKeys(node, table, problems)
  }
  const map = asMap(value, { problems, where: `'${name}'` })
  if (!map) return { values: {}, spans: {} }
  const keys = readKeys(map, table, problems)
  for (const other of keys.rest) unknownKey(other, Object.keys(table), { problems, where: `'${name}'` })
  if (!map.entries.some(({ key }) => key === at.first)) {
    problems.add({ code: 'missing-key', message: `'${name}' needs '${at.first}'`, span: keySpan })
  }
  return keys
}

export function suggestion(word: string, known: Iterable<string>): string | undefined {
  const near = didYouMean(word, known)
  return near === undefined ? undefined : `did you mean '${near}'?`
}
