import type { Change } from '../core/change.ts'
import { quote } from '../core/sh.ts'
import type { ChangeKind } from './kind.ts'

/** What a mark asked for has been done. */
export interface MarkClear extends Change {
  readonly kind: 'mark.clear'
  readonly path: string
}

export function clearMark(path: string): MarkClear {
  return { kind: 'mark.clear', path }
}

export const markClearKind: ChangeKind<MarkClear> = {
  kind: 'mark.clear',
  carry: ({ path }) => ({ script: `rm -f ${quote(path)}` }),
  fold: (shadow, { path }) => void shadow.values.set(`mark:${path}`, { set: false, reasons: [] }),
  diff: ({ path }) => ({ subject: path, summary: `drop the note ${path.slice(path.lastIndexOf('/') + 1)}` }),
  footprint: ({ path }) => [`mark:${path}`],
}
