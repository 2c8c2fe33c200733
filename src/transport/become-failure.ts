import type { Code } from '../core/codes.ts'
import type { Failure } from '../core/diagnostic.ts'
import { failure } from './failures.ts'
import type { Become, BecomeMethod } from './launch.ts'
import type { Silence } from './launch-failure.ts'

export function passwordWrong(host: string, { user, method }: Become, said?: string): Failure {
  return failure('become-password-wrong', {
    host,
    message: `${method} did not take the become password for ${user} on ${host}`,
    cause: said,
    hint:
      method === 'su'
        ? `su wants the password of ${user}, not that of who logs in; give it again with -K`
        : 'the password of the user who logs in is wanted, not that of root; give it again with -K',
  })
}

export function passwordMissing(at: { readonly host: string; readonly user: string }, become: Become): Failure {
  const whose = become.method === 'su' ? become.user : at.user
  return failure('become-password-missing', {
    host: at.host,
    message: `${become.method} wants a password of ${whose} on ${at.host}`,
    hint: `give it with -K (--ask-become-pass) or --become-password-file${
      become.method === 'doas' ? `, or write \`permit nopass ${at.user}\` in /etc/doas.conf` : ''
    }`,
  })
}

/** doas let us in by something else than a password, such as a fingerprint. */
export function askedNothing(at: { readonly host: string; readonly user: string }, become: Become): Failure {
  return failure('become-failed', {
    host: at.host,
    message: `${become.method} failed: ${at.user} cannot become ${become.user} on ${at.host} by a password`,
    cause: 'it let in without asking for one, though it does not do so by its rules',
    hint: `\`permit nopass ${at.user}\` in /etc/doas.conf, or take from /etc/pam.d/doas what lets in without a password`,
  })
}

/** Why somebody could not become another. */
export function becomeFailure(silence: Silence, become: Become): Failure {
  const { host, user, said } = silence
  const known = refusals.find(({ by, says }) => (by === undefined || by === become.method) && says.test(said))
  if (known?.code === 'become-password-missing' && !become.password) return passwordMissing(silence, become)
  if (silence.answered && (known === undefined || known.code === 'become-password-wrong') && silence.ending) {
    return passwordWrong(host, become, said)
  }
  const how = silence.ending ? 'failed' : `did not answer for ${silence.seconds} s`
  return failure('become-failed', {
    host,
    message: `${become.method} ${how}: ${user} cannot become ${become.user} on ${host}`,
    cause: said,
    hint: known?.hint ?? `try on the host: ${tries[become.method](become.user)}`,
  })
}

const tries: { readonly [M in BecomeMethod]: (user: string) => string } = {
  sudo: user => `sudo -u ${user} true`,
  su: user => `su -c true ${user}`,
  doas: user => `doas -u ${user} true`,
}

interface Refusal {
  readonly by?: BecomeMethod
  readonly says: RegExp
  readonly code: Code
  readonly hint?: string
}

const refusals: readonly Refusal[] = [
  {
    says: /password is required|no password was provided|a terminal is required to read/i,
    code: 'become-password-missing',
  },
  // OpenBSD's word, and that of its port to Linux.
  { by: 'doas', says: /Authori[sz]ation required|Authentication required/, code: 'become-password-missing' },
  { says: /incorrect password|Sorry, try again|Authentication fail(ure|ed)/, code: 'become-password-wrong' },
  {
    says: /must have a tty/,
    code: 'become-failed',
    hint: 'sudoers holds `Defaults requiretty`: take it out, or add `Defaults:USER !requiretty`',
  },
  {
    says: /not in the sudoers|not allowed to (execute|run)|may not run sudo/,
    code: 'become-failed',
    hint: 'add the user to the group sudo, or give it a line in /etc/sudoers.d',
  },
  {
    by: 'doas',
    says: /doas is not enabled|Operation not permitted/,
    code: 'become-failed',
    hint: 'give the user a line in /etc/doas.conf: `permit nopass USER`',
  },
  {
    by: 'doas',
    says: /syntax error|not owned by root|writable by group or other/,
    code: 'become-failed',
    hint: "mend /etc/doas.conf, which must be root's alone to write; `doas -C /etc/doas.conf` tells what is wrong",
  },
  {
    by: 'doas',
    says: /no script to make a terminal/,
    code: 'become-failed',
    hint: 'doas asks on a terminal only, which the program `script` makes: install it there (bsdutils, util-linux-misc), or write `permit nopass USER` in /etc/doas.conf',
  },
  {
    by: 'su',
    says: /Permission denied/,
    code: 'become-failed',
    hint: 'su lets in only some users here (pam_wheel in /etc/pam.d/su?), or the account is locked',
  },
  {
    by: 'su',
    says: /must be suid|Operation not permitted|cannot set groups/,
    code: 'become-failed',
    hint: 'su has lost its set-uid bit there: reinstall it, or become another user by sudo',
  },
  {
    says: /unknown user|[Uu]ser \S+ does not exist|No passwd entry/,
    code: 'become-failed',
    hint: 'create the user first, or correct become_user',
  },
  ...(['sudo', 'su', 'doas'] as const).map(by => ({
    by,
    says: new RegExp(`\\b${by}['’:"]*:? *(No such file|not found|command not found)|${by}.*No such file`),
    code: 'become-failed' as const,
    hint: `install ${by} on the host, use another become_method, or log in as the user you want to become`,
  })),
]
