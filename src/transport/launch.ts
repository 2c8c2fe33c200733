import { quote } from '../core/sh.ts'

/** Words that tell our shell's and sudo's answers from whatever a login prints. Random, not secret. */
export interface Words {
  readonly greeting: string
  readonly prompt: string
}

export type BecomeMethod = 'sudo' | 'su' | 'doas'

/** Whom to become, how, and whether a password may be given. */
export interface Become {
  readonly user: string
  readonly method: BecomeMethod
  readonly password: boolean
}

/**
 * Text for a login shell of any kind (sh, fish, csh): single quotes only, no newline, no `!`.
 * It says hello with its pid, and sees to it that the shell leads a process group of its own, which can be ended as a
 * whole: sshd's and sudo's children mostly do already, else `setsid` makes it so.
 */
export function launchCommand(words: Words, become?: Become): string {
  const boot = bootText(words.greeting)
  return become ? becoming[become.method](words, become, boot) : `exec sh -c '${boot}'`
}

const becoming: { readonly [M in BecomeMethod]: (words: Words, become: Become, boot: string) => string } = {
  sudo: ({ prompt }, { user, password }, boot) => {
    const ask = password ? `-S -k -p ${prompt}` : '-n'
    return `exec env LC_ALL=C sudo ${ask} -H -u ${quote(user)} -- sh -c '${boot}'`
  },
  // su's prompt cannot be chosen: our word right before it tells that what comes next is su's.
  su: ({ prompt }, { user }, boot) => {
    const run = 'exec env LC_ALL=C su -s /bin/sh -c "$0" "$1"'
    return `exec sh -c 'echo ${prompt}; echo ${prompt} >&2; ${run}' '${boot}' ${quote(user)}`
  },
  doas: ({ prompt }, { user, password }, boot) =>
    password
      ? `exec sh -c '${doasAsking}' '${boot}' ${quote(user)} ${prompt}`
      : `exec env LC_ALL=C doas -n -u ${quote(user)} sh -c '${boot}'`,
}

/**
 * doas asks on a terminal only: where it does not let us in without a word, `script` makes one. It is for the password
 * alone, the one line that `head` takes; input and outputs of the shell go past it. Our word comes right before.
 */
const doasAsking = [
  'export LC_ALL=C',
  'said=$(doas -n -u "$1" sh -c : 2>&1) && exec doas -n -u "$1" sh -c "$0"',
  'case $said in *"tication required"*|*"rization required"*) ;; *) echo "$said" >&2; exit 1 ;; esac',
  'command -v script >/dev/null || { echo "doas: no script to make a terminal" >&2; exit 1; }',
  'export SHELL=/bin/sh become_user="$1" become_boot="$0"; exec 3<&0 4>&1 5>&2; echo $2 >&2',
  `head -n 1 | script -q -c "${inTerminal()}" /dev/null >&2`,
].join('; ')

// The names are taken out again: a doas with `keepenv` would hand them on.
function inTerminal(): string {
  const names = 'u=\\$become_user b=\\$become_boot; unset become_user become_boot'
  return `${names}; exec doas -u \\"\\$u\\" sh -c \\"\\$b\\" <&3 >&4 2>&5 3<&- 4>&- 5>&-`
}

function bootText(greeting: string): string {
  const group = 'read -r s </proc/$$/stat; set -- ${s##*) }; g=$3; x='
  const own = '[ "$g" = $$ ] || { [ -n "$g" ] && command -v setsid >/dev/null && x=setsid && g=$$; }'
  return `${group}; ${own}; echo ${greeting} $$ $g; echo ${greeting} >&2; exec $x sh`
}

const paths = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** What every shell of ours does first; prints nothing. The login may have set anything. */
export const settleText = `export LC_ALL=C
unset ENV BASH_ENV CDPATH LANGUAGE POSIXLY_CORRECT GREP_OPTIONS TAR_OPTIONS COLUMNS SYSTEMD_COLORS SYSTEMD_LESS
umask 022
for __path in ${paths.join(' ')}; do
  case ":$PATH:" in *":$__path:"*) ;; *) PATH="\${PATH:+$PATH:}$__path" ;; esac
done
export PATH
cd . 2>/dev/null || cd /
`
