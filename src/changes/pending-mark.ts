import type { Change } from '../core/change.ts'
import { ledgerFolders } from '../core/ledger-words.ts'
import { printBytes, quote } from '../core/sh.ts'
import type { ChangeKind } from './kind.ts'

/** Notes on the host that a handler is owed, before the change that owes it: a run that dies leaves the note. */
export interface PendingMark extends Change {
  readonly kind: 'pending.mark'
  /** The note's name: hexadecimal. */
  readonly id: string
  /** One line of JSON. */
  readonly note: string
}

export const pendingMarkKind: ChangeKind<PendingMark> = {
  kind: 'pending.mark',
  carry: ({ id, note }) => ({ script: script(id, note) }),
  fold: () => undefined,
  diff: ({ id }) => ({ subject: `pending ${id}`, summary: 'note that a handler is owed' }),
  footprint: () => ['pending'],
}

function script(id: string, note: string): string {
  return `${ledgerFolders}
mkdir -p "$state/pending"
new=$state/pending/.${quote(id)}.$$
${printBytes(`${note}\n`)} > "$new"
sync "$new" 2>/dev/null || sync
mv -f "$new" "$state/pending/"${quote(id)}`
}
