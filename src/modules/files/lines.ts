import { expand, type Match, type Pattern, pattern } from '../../core/pattern.ts'

/** What `lineinfile` keeps. Semantics are Ansible's, its order of precedence included. */
export interface LineWish {
  readonly state: 'present' | 'absent'
  readonly line?: string | undefined
  readonly regexp?: string | undefined
  readonly search_string?: string | undefined
  readonly insertafter?: string | undefined
  readonly insertbefore?: string | undefined
  readonly backrefs: boolean
  readonly firstmatch: boolean
}

export interface LineEdit {
  readonly text: string
  readonly msg: string
  /** Lines taken away, for `absent`. */
  readonly found?: number
}

/** The text with its line as wished. Throws a PatternError. */
export function editLines(text: string, wish: LineWish): LineEdit {
  const lines = text === '' ? [] : text.match(/[^\n]*\n|[^\n]+$/g)!
  return wish.state === 'absent' ? without(lines, wish) : keep(lines, wish)
}

function bare(line: string): string {
  return line.replace(/[\r\n]+$/, '')
}

function without(lines: readonly string[], wish: LineWish): LineEdit {
  const matches = finder(wish) ?? ((line: string) => bare(line) === wish.line)
  const kept = lines.filter(line => !matches(line))
  const found = lines.length - kept.length
  return { text: kept.join(''), msg: found === 0 ? '' : `${found} line(s) removed`, found }
}

/** What tells whether a line is meant, by regexp or search_string; undefined where neither is given. */
function finder({ regexp, search_string }: LineWish): ((line: string) => Match | boolean | undefined) | undefined {
  if (regexp !== undefined) {
    const compiled = pattern(regexp)
    return line => compiled.find(bare(line))
  }
  if (search_string !== undefined) return line => line.includes(search_string)
  return undefined
}

interface Found {
  readonly at: number
  readonly match: Match | boolean | undefined
}

function keep(lines: readonly string[], wish: LineWish): LineEdit {
  const found = findLine(lines, wish)
  if (found !== undefined) return replaced(lines, found, wish)
  if (wish.backrefs) return { text: lines.join(''), msg: '' }
  return inserted(lines, wish)
}

/** The line to replace: the last (or first) match, else the line itself where it is already. */
function findLine(lines: readonly string[], wish: LineWish): Found | undefined {
  const matches = finder(wish)
  if (matches) {
    const all = lines.flatMap((line, at) => {
      const match = matches(line)
      return match ? [{ at, match }] : []
    })
    const found = wish.firstmatch ? all[0] : all.at(-1)
    if (found) return found
  }
  const at = lines.findLastIndex(line => bare(line) === wish.line)
  return at < 0 ? undefined : { at, match: undefined }
}

function replaced(lines: readonly string[], { at, match }: Found, { line = '', backrefs }: LineWish): LineEdit {
  const wanted = backrefs && typeof match === 'object' ? expand(line, match) : line
  const whole = wanted.endsWith('\n') ? wanted : `${wanted}\n`
  const text = lines.with(at, whole).join('')
  return { text, msg: text === lines.join('') ? '' : 'line replaced' }
}

function inserted(lines: readonly string[], wish: LineWish): LineEdit {
  const { line = '', insertafter, insertbefore } = wish
  const at = insertionPoint(lines, wish)
  if (at === undefined) return added(lines, lines.length, line)
  if (insertafter === 'BOF' || insertbefore === 'BOF') return added(lines, 0, line)
  // Where it stands beside its anchor already nothing is to be done.
  const neighbour = insertafter !== undefined ? Math.min(at, lines.length - 1) : Math.max(at - 1, 0)
  if (bare(lines[neighbour] ?? '') === line) return { text: lines.join(''), msg: '' }
  return added(lines, at, line)
}

function added(lines: readonly string[], at: number, line: string): LineEdit {
  const before = lines.slice(0, at)
  const gap = before.length > 0 && !before.at(-1)!.endsWith('\n') ? '\n' : ''
  return { text: `${before.join('')}${gap}${line}\n${lines.slice(at).join('')}`, msg: 'line added' }
}

/** Before which line it goes; undefined: at the end. */
function insertionPoint(
  lines: readonly string[],
  { insertafter, insertbefore, firstmatch }: LineWish,
): number | undefined {
  if (insertafter === 'BOF' || insertbefore === 'BOF') return 0
  const anchor = insertafter ?? insertbefore
  if (anchor === undefined || anchor === 'EOF') return undefined
  const at = indexOf(lines, pattern(anchor), firstmatch)
  if (at < 0) return undefined
  return insertafter === undefined ? at : at + 1
}

function indexOf(lines: readonly string[], anchor: Pattern, first: boolean): number {
  const isAnchor = (line: string) => anchor.find(bare(line)) !== undefined
  return first ? lines.findIndex(isAnchor) : lines.findLastIndex(isAnchor)
}
