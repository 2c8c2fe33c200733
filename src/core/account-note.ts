/**
 * Where a host keeps, while an account is made, altered or removed, what was begun: the programs write one base after
 * another, so that one which is killed leaves an account in some of them. One line: `add fresh` (it had no home),
 * `add kept`, `change HOME`, `remove UID HOME`, as things were before. Undefined for a name that no account has.
 */
export function accountNote(name: string): string | undefined {
  return /^[a-z_][a-z0-9_.-]*\$?$/.test(name) ? `/var/lib/pitool/accounts/${name}` : undefined
}

/** What was begun and cut short. */
export interface Unfinished {
  readonly action: 'add' | 'change' | 'remove'
  /** Its home was not there before. */
  readonly fresh?: boolean | undefined
  readonly uid?: number | undefined
  readonly home?: string | undefined
}

/** Undefined where the line is none of ours, or is cut: then the bases are all there is to go by. */
export function readUnfinished(line: string): Unfinished | undefined {
  const [, add, fresh] = /^(add) (fresh|kept)$/.exec(line) ?? []
  if (add !== undefined) return { action: 'add', fresh: fresh === 'fresh' }
  // Whatever it was, all bases have the account.
  if (/^(add|change|remove) whole$/.test(line)) return { action: 'change' }
  const [, changed] = /^change (\/.*)$/.exec(line) ?? []
  if (changed !== undefined) return { action: 'change', home: changed }
  const [, uid, home] = /^remove (\d{1,10}) (\/.*)$/.exec(line) ?? []
  return home === undefined ? undefined : { action: 'remove', uid: Number(uid), home }
}
