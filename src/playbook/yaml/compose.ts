import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml'
import { Mistake } from '../../core/diagnostic.ts'
import { place, type Source, type Span } from '../../core/span.ts'
import type { MapEntry, MapNode, Node, ScalarNode } from '../../language/node.ts'
import { concealed } from '../encrypted/conceal-node.ts'
import type { Keys } from '../encrypted/keys.ts'
import { isVault, openVault } from '../encrypted/vault.ts'
import type { Problems } from '../problems.ts'
import { quoteBraces } from './explain.ts'
import { offsetMap } from './offsets.ts'
import { resolvePlain, resolveTagged } from './scalar.ts'

/** Aliases make a small file mean a huge tree; more values than this is no playbook. */
const mostNodes = 200_000

export interface Composing {
  readonly problems: Problems
  /** For values with the tag `!vault`. */
  readonly keys: Keys
}

type Collection = Extract<Event, { style: 1 | 2 }>

/** Builds nodes from the events of one file. */
export class Composer {
  readonly #source: Source
  readonly #events: readonly Event[]
  readonly #problems: Problems
  readonly #keys: Keys
  readonly #anchors = new Map<string, Node>()
  readonly #sizes = new Map<Node, number>()
  #next = 0
  /** Where the last token ended: the place of what is not written. */
  #end = 0
  #nodes = 0

  constructor(source: Source, events: readonly Event[], { problems, keys }: Composing) {
    this.#source = source
    this.#events = events
    this.#problems = problems
    this.#keys = keys
  }

  document(): Node | null {
    const documents = this.#events.filter(event => event.type === EVENT_ID.DOCUMENT)
    if (documents.length === 0) return null
    this.#next++
    const node = this.#node()
    if (documents.length > 1) {
      const hint = 'one document a file: take out the second `---`'
      this.#mistake('a second document begins here', this.#span(this.#end, this.#end), hint)
    }
    return node.kind === 'scalar' && node.value === null && node.span.start === node.span.end ? null : node
  }

  #node(): Node {
    const event = this.#events[this.#next++]!
    if (event.type === EVENT_ID.ALIAS) return this.#alias(event.anchorStart, event.anchorEnd)
    const before = this.#nodes
    const node = this.#fresh(event)
    this.#count(1)
    this.#sizes.set(node, this.#nodes - before)
    if ('anchorStart' in event && event.anchorStart >= 0) {
      this.#anchors.set(this.#source.text.slice(event.anchorStart, event.anchorEnd), node)
    }
    return node
  }

  #fresh(event: Event): Node {
    if (event.type === EVENT_ID.SCALAR) return this.#scalar(event)
    if (event.type === EVENT_ID.MAPPING) return this.#map(event)
    if (event.type === EVENT_ID.SEQUENCE) return this.#list(event)
    throw new Error(`a YAML event ${event.type} where a value was expected`)
  }

  #alias(start: number, end: number): Node {
    const name = this.#source.text.slice(start, end)
    const node = this.#anchors.get(name)
    this.#end = end
    const span = this.#span(start - 1, end)
    if (!node) {
      const hint = 'an anchor `&name` must come before it, and not around it'
      throw new Mistake({ code: 'yaml-syntax', message: `there is no anchor '${name}' yet`, span, hint })
    }
    this.#count(this.#sizes.get(node) ?? 1)
    return node
  }

  #count(nodes: number): void {
    this.#nodes += nodes
    if (this.#nodes <= mostNodes) return
    const message = `this file means more than ${mostNodes} values, its aliases included`
    throw new Mistake({ code: 'yaml-syntax', message, span: this.#span(this.#end, this.#end) })
  }

  #scalar(event: ScalarEvent): ScalarNode {
    if (event.valueStart < 0)
      return { kind: 'scalar', value: null, span: this.#span(this.#end, this.#end), plain: true }
    const text = getScalarValue(this.#source.text, event)
    const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED
    const plain = event.style === SCALAR_STYLE.PLAIN
    const margin = quoted ? 1 : 0
    const span = this.#span(event.valueStart - margin, event.valueEnd + margin)
    this.#end = span.end
    const tag = this.#tag(event.tagStart, event.tagEnd)
    const value = this.#value(text, { plain, tag, span })
    const quotes = quoted ? (event.style === SCALAR_STYLE.SINGLE_QUOTED ? 'single' : 'double') : undefined
    const written = { source: this.#source.text, start: event.valueStart, end: event.valueEnd, quotes } as const
    const offsets = typeof value === 'string' ? offsetMap(value, written) : undefined
    return { kind: 'scalar', value, span, plain, literal: tag === '!unsafe' ? true : undefined, offsets }
  }

  #value(text: string, { plain, tag, span }: { plain: boolean; tag: string; span: Span }): ScalarNode['value'] {
    if (tag === '') return plain ? resolvePlain(text) : text
    if (tag === '!' || tag === '!unsafe') return text
    if (tag === '!vault' || tag === '!vault-encrypted') return this.#vault(text, span)
    const value = tag.startsWith('!!') ? resolveTagged(tag.slice(2), text) : undefined
    if (value !== undefined) return value
    this.#mistake(
      `the tag ${tag} does not fit here`,
      span,
      'known are !!str, !!int, !!float, !!bool, !!null, !unsafe and !vault',
    )
    return text
  }

  #vault(text: string, span: Span): ScalarNode['value'] {
    if (isVault(text)) {
      return this.#problems.attempt(() => concealed(openVault(text, this.#keys.vault(), span))) ?? null
    }
    const hint = 'write what `ansible-vault encrypt_string` prints below `!vault |`'
    this.#mistake('a !vault value begins with $ANSIBLE_VAULT', span, hint)
    return null
  }

  #tag(start: number, end: number): string {
    return start < 0 ? '' : this.#source.text.slice(start, end)
  }

  #list(event: Collection): Node {
    this.#end = event.start
    const items: Node[] = []
    while (this.#more()) items.push(this.#node())
    return { kind: 'list', items, span: this.#span(event.start, this.#end) }
  }

  #map(event: Collection): MapNode {
    this.#end = event.start
    const entries = new Map<string, MapEntry>()
    const merged: Node[] = []
    while (this.#more()) {
      const key = this.#key()
      const value = this.#node()
      if (!key) continue
      if (key.merge) merged.push(value)
      else this.#put(entries, { key: key.text, keySpan: key.span, value })
    }
    for (const node of merged) this.#merge(entries, node)
    return { kind: 'map', entries: [...entries.values()], span: this.#span(event.start, this.#end) }
  }

  #key(): { readonly text: string; readonly span: Span; readonly merge: boolean } | undefined {
    const node = this.#node()
    if (node.kind === 'scalar') {
      const written = this.#source.text.slice(node.span.start, node.span.end)
      const text = typeof node.value === 'string' ? node.value : written
      return { text, span: node.span, merge: node.plain === true && text === '<<' }
    }
    const braces = this.#source.text.startsWith('{{', node.span.start - 1)
    const message = braces ? 'a template without quotes is read as a map' : 'a key must be a single word or text'
    this.#mistake(message, node.span, braces ? quoteBraces : undefined)
    return undefined
  }

  #put(entries: Map<string, MapEntry>, entry: MapEntry): void {
    const first = entries.get(entry.key)
    if (!first) {
      entries.set(entry.key, entry)
      return
    }
    if (this.#problems.full) return
    const message = `the key '${entry.key}' is given twice`
    const hint = `it stands already at ${place(first.keySpan)}: keep one`
    this.#problems.add({ code: 'duplicate-key', message, span: entry.keySpan, hint })
  }

  /** What the map itself says is stronger than what it merges; earlier maps of a list are stronger than later ones. */
  #merge(entries: Map<string, MapEntry>, node: Node): void {
    if (node.kind === 'list') {
      for (const item of node.items) this.#merge(entries, item)
    } else if (node.kind === 'map') {
      for (const entry of node.entries) if (!entries.has(entry.key)) entries.set(entry.key, entry)
    } else {
      this.#mistake('`<<` takes a map, or a list of maps', node.span, 'write `<<: *anchor`')
    }
  }

  #more(): boolean {
    if (this.#events[this.#next]?.type !== EVENT_ID.POP) return true
    this.#next++
    return false
  }

  #mistake(message: string, span: Span, hint?: string): void {
    this.#problems.add({ code: 'yaml-syntax', message, span, hint })
  }

  #span(start: number, end: number): Span {
    return { source: this.#source, start, end: Math.max(start, end) }
  }
}
