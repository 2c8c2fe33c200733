import { quote } from '../../core/sh.ts'
import type { ConnectionArg } from '../nm-connection.ts'
import { profileProperties } from './properties.ts'

/**
 * For each connection a line `@ STATE DEVICE`, and `volatile` after it where the profile is made anew at each boot;
 * where found its profile (one line a property), `=`, the resolvers of
 * both families; else all connections as `UUID:DEVICE:NAME`. A name may be a UUID. Names on the default route come
 * from /proc/net/route, so that `ip` is not needed.
 */
export function connectionScript(args: readonly ConnectionArg[]): string {
  return [functions, ...args.map(arg => `look ${quote(arg.name ?? '')} ${quote(arg.device ?? '')}`)].join('\n')
}

const functions = `
nm() { nmcli -e no "$@" 2>/dev/null; }
default_device() {
  best=; dev=
  while read -r name to via flags refs used metric mask rest; do
    [ "$to$mask" = 0000000000000000 ] || continue
    if [ -z "$dev" ] || [ "$metric" -lt "$best" ]; then best=$metric; dev=$name; fi
  done < /proc/net/route
  printf '%s\\n' "$dev"
}
uuid_on() {
  nmcli -t -f UUID,DEVICE connection show --active 2>/dev/null | while IFS=: read -r uuid dev; do
    if [ "$dev" = "$1" ]; then printf '%s\\n' "$uuid"; break; fi
  done
}
device_of() {
  nmcli -t -f UUID,DEVICE connection show --active 2>/dev/null | while IFS=: read -r uuid dev; do
    if [ "$uuid" = "$1" ]; then printf '%s\\n' "$dev"; break; fi
  done
}
# netplan makes such a profile anew at each boot; only a NetworkManager that knows netplan writes its changes to it.
lasting() {
  set -- "$1" /usr/libexec/netplan/generate /usr/lib/netplan/generate
  if [ -x "$2" ] || [ -x "$3" ]; then :; else return 0; fi
  case $(nm -g connection.id connection show uuid "$1") in netplan-*) ;; *) return 0 ;; esac
  daemon=$(command -v NetworkManager) || daemon=/usr/sbin/NetworkManager
  found=0
  grep -q libnetplan "$daemon" 2>/dev/null || found=$?
  [ "$found" -ne 1 ] || printf ' volatile'
}
nothing() { printf '@ %s %s\\n' "$1" "$2"; nmcli -t -f UUID,DEVICE,NAME connection show 2>/dev/null || :; }
look() {
  name=$1 device=$2
  if ! command -v nmcli >/dev/null 2>&1; then echo '@ no-nmcli '; return 0; fi
  if [ "$(nm -g RUNNING general)" != running ]; then echo '@ not-running '; return 0; fi
  if [ -n "$name" ]; then
    uuids=$(nm -g connection.uuid connection show id "$name") || uuids=$(nm -g connection.uuid connection show uuid "$name") || uuids=
    device=
  else
    [ -n "$device" ] || device=$(default_device)
    uuids=$(uuid_on "$device")
  fi
  set -- $uuids
  if [ $# -eq 0 ]; then nothing not-found "$device"; return 0; fi
  if [ $# -gt 1 ]; then nothing ambiguous "$device"; return 0; fi
  device=$(device_of "$1")
  printf '@ found %s%s\\n' "$device" "$(lasting "$1")"
  nm -g ${profileProperties.join(',')} connection show uuid "$1" || :
  echo '='
  if [ -n "$device" ]; then nm -g IP4.DNS,IP6.DNS device show "$device" || :; fi
}
`
