import { ownUid } from './own-uid.ts'

/** How a script ends that would have to keep the ledger in somebody else's folder. */
export const notOurs = 76

/**
 * Shell text that sets `state` and `run`: where the ledger of a host lies. Root's is the host's; anybody else's lies in
 * folders of their own, so that a run without become needs no rights. Who may not write to their home (www-data, nobody)
 * has a folder beside, which anybody could have made before: `ours` ends the script where it is not theirs.
 */
export const ledgerFolders = `
umask 077
apart=
${ownUid}
if [ "$uid" = 0 ]; then state=/var/lib/pitool run=/run/pitool
else
  home=\${HOME-}
  if [ ! -w "$home" ]; then apart=/var/tmp/pitool-$uid home=$apart; fi
  state=\${XDG_STATE_HOME:-$home/.local/state}/pitool run=\${XDG_RUNTIME_DIR:-$home/.cache}/pitool
fi
ours() {
  if [ -L "$apart" ] || { [ -e "$apart" ] && [ ! -O "$apart" ]; }; then
    echo "$apart is somebody else's" >&2
    exit ${notOurs}
  fi
}
ours`
/** Who holds the lock, as it stands in it. */
export function holderLine(holder: string): string {
  return holder.replace(/\s+/g, ' ').trim()
}

/**
 * Shell functions about who holds the lock: sets boot, start; `started PID` sets since when; `alive BOOT PID START` tells whether that shell still is;
 * `drop FILE BOOT PID START` takes that holder's lock away, and puts another's back that has come in its place.
 */
export const lockWords = `
read -r boot < /proc/sys/kernel/random/boot_id
started() { from=; read -r line < "/proc/$1/stat" && set -- \${line##*) } && from=\${20}; }
started $$; start=$from
alive() { [ "$1" = "$boot" ] && [ -n "$3" ] && [ -r "/proc/$2/stat" ] && started "$2" 2>/dev/null && [ "$from" = "$3" ]; }
drop() {
  mv -f "$1" "$1.$$.old" 2>/dev/null || return 0
  now= was= ago=
  { read -r now was ago; } < "$1.$$.old" || :
  if [ "$now $was $ago" != "$2 $3 $4" ]; then ln "$1.$$.old" "$1" 2>/dev/null || :; fi
  rm -f "$1.$$.old"
}`
