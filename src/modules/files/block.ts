import { type Pattern, pattern } from '../../core/pattern.ts'

/** What `blockinfile` keeps. */
export interface BlockWish {
  readonly state: 'present' | 'absent'
  readonly block: string
  /** With {mark} where BEGIN and END stand. */
  readonly marker: string
  readonly marker_begin: string
  readonly marker_end: string
  readonly insertafter?: string | undefined
  readonly insertbefore?: string | undefined
  readonly prepend_newline: boolean
  readonly append_newline: boolean
}

export interface BlockEdit {
  readonly text: string
  readonly msg: string
}

/** The text with the block between its marks as wished. An empty block is an absent one, as in Ansible. */
export function editBlock(text: string, wish: BlockWish): BlockEdit {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const marks = { begin: mark(wish, wish.marker_begin), end: mark(wish, wish.marker_end) }
  const place = find(lines, marks)
  const body = wish.block.replace(/\n+$/, '')
  const gone = wish.state === 'absent' || body === ''
  const block = gone ? [] : [marks.begin, ...body.split('\n'), marks.end]
  if (gone && place === undefined) return { text, msg: '' }
  const rest = place === undefined ? lines : [...lines.slice(0, place.from), ...lines.slice(place.to + 1)]
  const at = place?.from ?? insertionPoint(lines, wish)
  const done = spaced(rest, block, { at, wish })
  const after = done.length === 0 ? '' : `${done.join('\n')}\n`
  if (after === text) return { text, msg: '' }
  return { text: after, msg: gone ? 'Block removed' : place === undefined ? 'Block inserted' : 'Block updated' }
}

function mark({ marker }: BlockWish, word: string): string {
  return marker.replaceAll('{mark}', word)
}

/** The last begin mark and the end mark that belongs to it. */
function find(lines: readonly string[], { begin, end }: { begin: string; end: string }) {
  const from = lines.lastIndexOf(begin)
  const to = lines.lastIndexOf(end)
  return from < 0 || to < from ? undefined : { from, to }
}

function insertionPoint(lines: readonly string[], { insertafter, insertbefore }: BlockWish): number {
  if (insertbefore === 'BOF') return 0
  const anchor = insertafter ?? insertbefore
  if (anchor === undefined || anchor === 'EOF') return lines.length
  const compiled: Pattern = pattern(anchor)
  const at = lines.findLastIndex(line => compiled.find(line) !== undefined)
  if (at < 0) return lines.length
  return insertbefore === undefined ? at + 1 : at
}

function spaced(
  lines: readonly string[],
  block: readonly string[],
  { at, wish }: { at: number; wish: BlockWish },
): readonly string[] {
  const before = lines.slice(0, at)
  const after = lines.slice(at)
  if (block.length === 0) return [...before, ...after]
  const above = wish.prepend_newline && before.length > 0 && before.at(-1) !== '' ? [''] : []
  const below = wish.append_newline && after.length > 0 && after[0] !== '' ? [''] : []
  return [...before, ...above, ...block, ...below, ...after]
}
