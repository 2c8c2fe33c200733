import type { Change } from '../core/change.ts'
import { holderLine, ledgerFolders, lockWords } from '../core/ledger-words.ts'
import { quote } from '../core/sh.ts'
import type { ChangeKind } from './kind.ts'

/**
 * Gives the lock back that this shell took, or another shell for this holder, which may be gone, and takes away one whose
 * holder is gone; with `force` anybody's, for a holder that is known to be gone.
 */
export interface LockRelease extends Change {
  readonly kind: 'lock.release'
  /** As `lock.take` was given it. */
  readonly holder?: string | undefined
  readonly force?: boolean
}

export const lockReleaseKind: ChangeKind<LockRelease> = {
  kind: 'lock.release',
  carry: change => ({ script: script(change) }),
  fold: () => undefined,
  diff: () => ({ subject: 'lock', summary: 'unlock the host' }),
  footprint: () => [],
}

function script({ force = false, holder }: LockRelease): string {
  const named = holder === undefined ? '' : ` || [ "$who" = ${quote(holderLine(holder))} ]`
  const mine = force ? 'true' : `[ "$of $pid $since" = "$boot $$ $start" ]${named}`
  return `${ledgerFolders}
${lockWords}
[ -e "$run/lock" ] || exit 0
of= pid= since= who=
{ read -r of pid since; IFS= read -r who; } < "$run/lock" || :
gone=; if ! alive "$of" "$pid" "$since"; then gone=', which is gone'; fi
if ${mine} || [ -n "$gone" ]; then drop "$run/lock" "$of" "$pid" "$since"; printf '%s%s\\n' "$who" "$gone"; fi`
}
