import type { MapEntry, MapNode, Node } from '../../language/node.ts'

/** Text to be put in at an offset; nothing else of the file is touched. */
export interface Insertion {
  readonly at: number
  readonly text: string
}

interface Entry {
  readonly name: string
  /** The host's variables as flow YAML: `{ host: 192.168.1.56 }`. */
  readonly value: string
}

/** Where a host goes in this file: into the definition of its group that says most; undefined where there is none. */
export function placeHost(root: Node, group: string, entry: Entry): Insertion | undefined {
  const found = definitions(root, group)
  const best =
    found.find(({ value }) => partOf(value, 'hosts')?.value.kind === 'map') ??
    found.find(({ value }) => value.kind === 'map') ??
    found[0]
  if (best === undefined) return undefined
  const text = best.keySpan.source.text
  const hosts = partOf(best.value, 'hosts')
  if (hosts) return intoMap(text, hosts, [entry])
  return intoMap(text, best, [{ name: 'hosts', value: '' }, entry])
}

/** Every place that speaks of the group: its own, and those that name it as a child. */
function definitions(node: Node, group: string): readonly MapEntry[] {
  if (node.kind !== 'map') return []
  return node.entries.flatMap(entry => {
    const children = partOf(entry.value, 'children')
    return [...(entry.key === group ? [entry] : []), ...(children ? definitions(children.value, group) : [])]
  })
}

function partOf(node: Node, key: string): MapEntry | undefined {
  return node.kind === 'map' ? node.entries.find(entry => entry.key === key) : undefined
}

/** A path of keys, the last of which has a value, into what stands below a key. */
function intoMap(text: string, parent: MapEntry, path: readonly Entry[]): Insertion {
  const { value } = parent
  if (value.kind === 'map' && text[value.span.start] === '{') return intoFlow(text, value, path)
  const margin = columnOf(text, parent.keySpan.start) + 2
  if (value.kind !== 'map' || value.entries.length === 0)
    return afterLine(text, parent.keySpan.end, block(path, margin))
  const last = value.entries.at(-1)!
  const column = columnOf(text, last.keySpan.start)
  return afterLine(text, Math.max(last.keySpan.end, endOf(text, last.value)), block(path, column))
}

function intoFlow(text: string, map: MapNode, path: readonly Entry[]): Insertion {
  const written = flow(path)
  const last = map.entries.at(-1)
  if (last) return { at: Math.max(last.keySpan.end, endOf(text, last.value)), text: `, ${written}` }
  return { at: map.span.start + 1, text: text[map.span.start + 1] === ' ' ? ` ${written}` : ` ${written} ` }
}

/** Behind the bracket that closes a collection in flow style: its last token is what stands inside. */
function endOf(text: string, node: Node): number {
  const closing = node.kind === 'map' ? '}' : ']'
  const opening = node.kind === 'map' ? '{' : '['
  if (node.kind === 'scalar') return node.span.end
  const inner = node.kind === 'map' ? node.entries.at(-1)?.value : node.items.at(-1)
  const end = Math.max(node.span.end, inner === undefined ? 0 : endOf(text, inner))
  if (text[node.span.start] !== opening) return end
  return text.indexOf(closing, inner === undefined ? node.span.start : end) + 1
}

function block(path: readonly Entry[], margin: number): readonly string[] {
  return path.map(({ name, value }, depth) => `${' '.repeat(margin + 2 * depth)}${name}:${value && ` ${value}`}`)
}

function flow(path: readonly Entry[]): string {
  return path.reduceRight((inner, { name, value }) => `${name}: ${value || `{ ${inner} }`}`, '')
}

/** Lines of their own after the line of an offset, with what stands behind it there. */
function afterLine(text: string, offset: number, lines: readonly string[]): Insertion {
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const newline = text.indexOf('\n', offset)
  const written = lines.join(eol)
  return newline < 0 ? { at: text.length, text: eol + written } : { at: newline + 1, text: written + eol }
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1)
}
