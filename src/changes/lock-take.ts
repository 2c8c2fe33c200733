import type { Change } from '../core/change.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import { holderLine, ledgerFolders, lockWords, notOurs } from '../core/ledger-words.ts'
import { errText, outText, type Section } from '../core/section.ts'
import { quote } from '../core/sh.ts'
import type { ChangeKind } from './kind.ts'

/** One run at a time on a host: taken before its first change, by the shell that lives as long as the run. */
export interface LockTake extends Change {
  readonly kind: 'lock.take'
  /** Who is told to others: run, user, machine, since when. One line. */
  readonly holder: string
}

const held = 75

export const lockTakeKind: ChangeKind<LockTake> = {
  kind: 'lock.take',
  carry: ({ holder }) => ({ script: script(holder) }),
  explain,
  fold: () => undefined,
  diff: () => ({ subject: 'lock', summary: 'lock the host' }),
  footprint: () => [],
}

function explain(section: Section): Diagnostic | undefined {
  if (section.code === held) {
    return {
      code: 'host-locked',
      message: 'another run is at work on this host',
      cause: `it is held by: ${outText(section).trim()}`,
      hint: 'wait for it (--wait-lock SECONDS); if you know that it is gone: pitool unlock HOST',
    }
  }
  if (section.code !== notOurs) return undefined
  return {
    code: 'permission-denied',
    message: 'this user may not write to their home, and the folder for their lock and notes is not theirs',
    cause: errText(section).trim(),
    hint: 'see who made it, and remove it; or give the user a home of their own',
  }
}

// What a shell that was killed in here, or in writing a note, has left lies about until somebody has the lock.
// The same holder is this very run, whose shell was lost with its connection: its lock is taken over.
// A link appears with its content or not at all. A holder whose shell is gone, or from before a reboot, holds nothing; nor does
// what is no holder at all, such as half a file.
function script(holder: string): string {
  return `${ledgerFolders}
${lockWords}
if [ ! -d "$run" ]; then mkdir -p "$run"; fi
ours
lock=$run/lock new=$run/lock.$$ me=${quote(holderLine(holder))}
printf '%s %s %s\\n%s\\n' "$boot" $$ "$start" "$me" > "$new"
tries=0
until ln "$new" "$lock" 2>/dev/null; do
  tries=$((tries + 1))
  of= pid= since= who=
  { read -r of pid since; IFS= read -r who; } 2>/dev/null < "$lock" || :
  if [ "$of $pid $since" = "$boot $$ $start" ]; then break; fi
  if { [ "$who" != "$me" ] && alive "$of" "$pid" "$since"; } || [ $tries -gt 20 ]; then
    rm -f "$new"
    printf '%s\\n' "\${who:-someone}"
    exit ${held}
  fi
  drop "$lock" "$of" "$pid" "$since"
done
rm -f "$new"
for stray in "$run"/lock.[0-9]* "$state"/pending/.*.[0-9]*; do
  by=\${stray%.old} by=\${by##*.}
  if [ -f "$stray" ] && [ ! -d "/proc/$by" ]; then rm -f "$stray"; fi
done`
}
