import type { Change } from '../core/change.ts'
import { ledgerFolders } from '../core/ledger-words.ts'
import { quote } from '../core/sh.ts'
import type { ChangeKind } from './kind.ts'

/** The handlers of these notes have run, or the change that owed them did nothing. */
export interface PendingClear extends Change {
  readonly kind: 'pending.clear'
  readonly ids: readonly string[]
}

export const pendingClearKind: ChangeKind<PendingClear> = {
  kind: 'pending.clear',
  carry: ({ ids }) => ({
    script: `${ledgerFolders}\n${ids.map(id => `rm -f "$state/pending/"${quote(id)}`).join('\n')}`,
  }),
  fold: () => undefined,
  diff: () => ({ subject: 'pending', summary: 'forget the notes of handlers that ran' }),
  footprint: () => ['pending'],
}
