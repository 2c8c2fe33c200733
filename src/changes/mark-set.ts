import type { Change } from '../core/change.ts'
import { quote } from '../core/sh.ts'
import type { ChangeKind } from './kind.ts'

/** Notes, before the work begins, what must follow it: should the run be killed in between, the next one finds it. */
export interface MarkSet extends Change {
  readonly kind: 'mark.set'
  /** Below /run, which a reboot empties. */
  readonly path: string
  readonly reason: string
}

/** A note as it would be: with `onto`, its reasons come after those that the host has already. */
interface PlannedMark {
  readonly set: boolean
  readonly reasons: readonly string[]
  readonly onto?: boolean
}

export function setMark(path: string, reason: string): MarkSet {
  return { kind: 'mark.set', path, reason: reason.replace(/\s+/g, ' ') }
}

export const markSetKind: ChangeKind<MarkSet> = {
  kind: 'mark.set',
  carry: ({ path, reason }) => ({ script: script(path, reason) }),
  fold: (shadow, { path, reason }) => {
    const earlier = shadow.values.get(`mark:${path}`) as PlannedMark | undefined
    const reasons = [...new Set([...(earlier?.reasons ?? []), reason])]
    // What the host has noted in this boot stays; a planned reboot forgets it.
    const onto = earlier === undefined ? !shadow.values.has('kernel') : earlier.onto === true
    shadow.values.set(`mark:${path}`, { set: true, reasons, onto } satisfies PlannedMark)
  },
  diff: ({ path, reason }) => ({ subject: path, summary: `note ${path.slice(path.lastIndexOf('/') + 1)}: ${reason}` }),
  footprint: ({ path }) => [`mark:${path}`],
}

// The boot it belongs to comes first; the reasons of this boot that are there already stay.
function script(path: string, reason: string): string {
  const folder = path.slice(0, path.lastIndexOf('/'))
  return `
umask 077
mkdir -p ${quote(folder)}
path=${quote(path)} new=${quote(`${path}.new`)}
read -r boot < /proc/sys/kernel/random/boot_id
of=
if [ -r "$path" ]; then read -r of < "$path" || :; fi
if [ "$of" = "$boot" ]; then cat "$path" > "$new"; else printf '%s\\n' "$boot" > "$new"; fi
line=${quote(reason)}
grep -qxF -- "$line" "$new" || printf '%s\\n' "$line" >> "$new"
mv -f "$new" "$path"`
}
