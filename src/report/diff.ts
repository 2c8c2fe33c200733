import { structuredPatch } from 'diff'
import type { Diff } from '../core/change.ts'
import { Secret, type Text } from '../core/secret.ts'
import type { Palette } from './palette.ts'
import { clip, oneLine, visible } from './sanitise.ts'

// Comparing is quadratic in how different two texts are: beyond this they are told apart by their sizes only.
const bounds = { timeout: 400, maxEditLength: 4000, context: 3 }
const longestText = 512 * 1024
const longestLine = 500
const mostLines = 400

/** A diff as lines: facets first, then what changed in the text, unified. */
export function renderDiff(diff: Diff, paint: Palette): readonly string[] {
  return [...renderFacets(diff, paint), ...renderText(diff, paint)]
}

export function renderFacets(diff: Diff, paint: Palette): readonly string[] {
  return (diff.facets ?? []).map(({ name, before, after }) => {
    const [old, now] = [clip(oneLine(before), longestLine), clip(oneLine(after), longestLine)]
    return `${oneLine(name)}: ${paint.removed(old === '' ? '(none)' : old)} → ${paint.added(now === '' ? '(none)' : now)}`
  })
}

function renderText({ before, after }: Diff, paint: Palette): readonly string[] {
  if (before === undefined && after === undefined) return []
  if (before instanceof Secret || after instanceof Secret) return [paint.dim('(content is secret)')]
  const [old, now] = [textOf(before), textOf(after)]
  if (old === now) return before === null ? [paint.dim('(empty)')] : []
  if (old.includes('\0') || now.includes('\0')) return [paint.dim(`(binary: ${sizes(old, now)})`)]
  if (old.length > longestText || now.length > longestText) return [paint.dim(`(too long to show: ${sizes(old, now)})`)]
  const patch = structuredPatch('', '', old, now, '', '', bounds)
  if (!patch) return [paint.dim(`(nearly all of it differs: ${sizes(old, now)})`)]
  return bound(
    patch.hunks.flatMap(hunk => [
      paint.note(`@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`),
      ...hunk.lines.map(line => renderLine(line, paint)),
    ]),
    paint,
  )
}

/** As diff and git write it: no lines stand after the line before them, one line needs no count. */
function range(start: number, lines: number): string {
  if (lines === 1) return String(start)
  return lines === 0 ? `${start - 1},0` : `${start},${lines}`
}

function renderLine(line: string, paint: Palette): string {
  const text = clip(visible(line), longestLine)
  if (line.startsWith('+')) return paint.added(text)
  if (line.startsWith('-')) return paint.removed(text)
  return line.startsWith('\\') ? paint.dim(text) : text
}

function bound(lines: readonly string[], paint: Palette): readonly string[] {
  if (lines.length <= mostLines) return lines
  return [...lines.slice(0, mostLines), paint.dim(`… ${lines.length - mostLines} more lines`)]
}

function textOf(text: Text | null | undefined): string {
  return typeof text === 'string' ? text : ''
}

function sizes(old: string, now: string): string {
  return `${size(old)} → ${size(now)}`
}

function size(text: string): string {
  const lines = text.split('\n').length - (text.endsWith('\n') || text === '' ? 1 : 0)
  return `${lines} lines, ${Buffer.byteLength(text)} bytes`
}
