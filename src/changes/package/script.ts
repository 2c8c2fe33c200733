import { randomBytes } from 'node:crypto'
import { quote } from '../../core/sh.ts'
import type { PackageSet } from '../package-set.ts'

export const lockedExit = 85

const options = '-q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0'

/** apt-get without questions; it waits for the locks of others, and names the holder when that takes too long. */
export function packageScript(change: PackageSet): string {
  const { names, state, updateCache, purge, autoremove, lockTimeout } = change
  const list = names.map(quote).join(' ')
  return [
    'export DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none NEEDRESTART_MODE=l NEEDRESTART_SUSPEND=1 UCF_FORCE_CONFFOLD=1',
    waiting(lockTimeout),
    aptText(lockTimeout),
    ...(updateCache ? ['wait_for_lock', 'apt update', 'touch /var/lib/apt/lists'] : []),
    'wait_for_lock',
    ...(names.length === 0 ? [] : [`apt ${verb(state, purge)}${installOptions(change)} -- ${list}`]),
    ...(change.upgrade ? [`apt ${change.upgrade === 'dist' ? 'dist-upgrade' : 'upgrade'}`] : []),
    ...(autoremove ? [`apt autoremove${purge ? ' --purge' : ''}`] : []),
  ].join('\n')
}

/**
 * What it prints goes to files without a name first: a connection that is cut in the middle then ends neither apt nor dpkg
 * by a broken pipe, and what a package leaves running holds no output of ours. Seldom is there an error to print.
 */
function aptText(lockTimeout: number): string {
  const log = `.pitool-${randomBytes(12).toString('hex')}`
  return `apt() {
 logs=\${TMPDIR:-/tmp}/${log}
 umask 077; set -C
 exec 3>"$logs.out" 4<"$logs.out" 5>"$logs.err" 6<"$logs.err"
 set +C; umask 022
 rm -f "$logs.out" "$logs.err"
 apt-get ${options} -o DPkg::Lock::Timeout=${lockTimeout} "$@" >&3 2>&5 3>&- 4<&- 5>&- 6<&- && rc=0 || rc=$?
 cat <&4
 if [ -s /proc/self/fd/6 ] || [ ! -e /proc/self/fd/6 ]; then cat <&6 >&2; fi
 return "$rc"
}`
}

function verb(state: PackageSet['state'], purge: boolean | undefined): string {
  if (state === 'absent') return purge ? 'purge' : 'remove'
  return 'install'
}

function installOptions({ state, defaultRelease, installRecommends, allowDowngrade }: PackageSet): string {
  if (state === 'absent') return ''
  return [
    ...(defaultRelease === undefined ? [] : [` -t ${quote(defaultRelease)}`]),
    ...(installRecommends === undefined ? [] : [` -o APT::Install-Recommends=${installRecommends}`]),
    ...(allowDowngrade ? [' --allow-downgrades'] : []),
  ].join('')
}

/** apt waits for dpkg's lock by itself, but not for that of the lists; whoever holds one is found in /proc/locks. */
function waiting(seconds: number): string {
  return `held() {
 locks=$(stat -c :%i: /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock 2>/dev/null) || :
 while read -r n k a w p at rest; do
  case $locks in *":\${at##*:}:"*) c=; [ -r "/proc/$p/comm" ] && read -r c <"/proc/$p/comm"; by="\${c:-a process} (pid $p)"; return 0;; esac
 done </proc/locks
 return 1
}
wait_for_lock() {
 left=${seconds}
 while held; do
  if [ "$left" -le 0 ]; then echo "pitool: held by $by" >&2; exit ${lockedExit}; fi
  left=$((left - 1)); sleep 1
 done
 return 0
}`
}
