import type { Diagnostic } from '../../core/diagnostic.ts'
import { quote } from '../../core/sh.ts'

/** Ends a change whose values netplan does not keep. */
export const keptOtherwise = 92

/** Shell text for before the profile is written: whether netplan has a file of NetworkManager's for it already. */
export function beforeNetplan(uuid: string): string {
  return `netplan_file() { set -- /etc/netplan/*-NM-${quote(uuid)}*.yaml; [ -e "$1" ] && printf '%s\\n' "$1"; }
had=$(netplan_file) || had=`
}

/** For after a rollback, which leaves a file with the values of before: where there was none it goes again. */
export const withoutNewFile = `if [ -z "$had" ] && new=$(netplan_file); then rm -f "$new"; netplan generate || :; nmcli connection reload || :; fi >/dev/null 2>&1`

/** netplan adds up the lists of all its files, and writes a gateway as a route: what was written may read otherwise. */
export function verifyKept(uuid: string, settings: { readonly [property: string]: string }): string {
  const checks = Object.entries(settings).map(
    ([property, value]) => `kept=$(nmcli -e no -g ${quote(property)} connection show uuid ${quote(uuid)})
  [ "$(words "$kept")" = "$(words ${quote(value)})" ] || { printf '%s reads: %s\\n' ${quote(property)} "$kept" >&2; exit ${keptOtherwise}; }`,
  )
  if (checks.length === 0) return ':'
  return `words() ( set -f; IFS=' ,|'; set -- $1; IFS=' '; printf '%s\\n' "$*" | tr A-Z a-z )
if netplan_file >/dev/null; then
  ${checks.join('\n  ')}
fi`
}

export function notKept(name: string, said: string): Diagnostic {
  return {
    code: 'change-failed',
    message: `netplan does not keep for connection ${name} what NetworkManager writes: a file of its own says otherwise`,
    cause: said,
    hint: 'take the setting out of the other files in /etc/netplan (netplan adds up their lists, and has a gateway as a route), or change it there; the connection was put back as it was',
  }
}
