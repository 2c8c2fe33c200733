import type { OpenShell } from './open-shell.ts'

/** Tenths of a second after TERM, and after KILL. */
const patience = { term: 30, kill: 10 }

/**
 * Ends a process group (a negative number) or a process: TERM, then KILL for what is still there 3 s later. `--` before
 * a group is not understood by dash and busybox. Prints `left` where something stays.
 */
export function endGroupText(target: number): string {
  const wait = (tenths: number) =>
    `i=0; while alive && [ $i -lt ${tenths} ]; do i=$((i+1)); sleep 0.1 2>/dev/null || sleep 1; done`
  return `${aliveText(target)}
kill -TERM ${target} 2>/dev/null || exit 0
kill -CONT ${target} 2>/dev/null || :
${wait(patience.term)}
if alive; then
  kill -KILL ${target} 2>/dev/null || :
  ${wait(patience.kill)}
fi
if alive; then echo left; fi`
}

// A zombie that its parent has not fetched yet still counts for `kill -0`: its state tells.
function aliveText(target: number): string {
  if (target > 0) return `alive() { kill -0 ${target} 2>/dev/null; }`
  return `alive() {
  kill -0 ${target} 2>/dev/null || return 1
  [ -r /proc/self/stat ] || return 0
  for f in /proc/[0-9]*/stat; do
    read -r s <"$f" || continue
    set -- \${s##*) }
    if [ "$3" = ${-target} ] && [ "$1" != Z ]; then return 0; fi
  done 2>/dev/null
  return 1
}`
}

/** Ends what a shell runs, by another shell of the same user. True: all of it is gone. */
export async function endGroup(victim: OpenShell, open: () => Promise<OpenShell>): Promise<boolean> {
  const target = victim.killable
  if (target === undefined) return true
  const killer = await open()
  try {
    const [section] = await killer.frame([endGroupText(target)], 1024, false)
    return section !== undefined && section.stdout.length === 0
  } finally {
    killer.end()
    killer.process.destroy()
  }
}
