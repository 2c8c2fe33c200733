/** For a shell of root's that sudo brought: what sudoers says of who called it, as root alone may ask without a password. */
export const listRights = `if [ -n "\${SUDO_USER-}" ] && [ "$(id -u)" = 0 ]; then sudo -n -l -U "$SUDO_USER" 2>/dev/null || :; fi`

/** For the shell of who logged in, on the way to somebody else than root: sudo tells them what it says of themselves. */
export function listOwnRights(password: boolean): string {
  return `LC_ALL=C sudo ${password ? "-S -k -p ''" : '-n'} -l 2>/dev/null || :`
}

/**
 * Whether sudo records what its commands read: the last of `log_input` and `log_stdin` and their negations among the
 * Defaults, or a LOG_INPUT tag of any command. For some command only is as good as for all: nobody can tell which.
 */
export function recordsInput(listing: string): boolean {
  const text = listing.replace(/\s+/g, ' ')
  const general = text.split(/Runas and Command-specific defaults/i)[0] ?? ''
  const on = (name: string) => [...general.matchAll(new RegExp(`(!?)\\b${name}\\b`, 'g'))].at(-1)?.[1] === ''
  const special = text.slice(general.length)
  const tagged = /(^|[\s:(,])LOG_INPUT:/.test(text) || /(^|[^!])\blog_(input|stdin)\b/.test(special)
  return on('log_input') || on('log_stdin') || tagged
}
