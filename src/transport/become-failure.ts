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
    hint:
      become.method === 'doas'
        ? `doas asks on a terminal only, and pitool has none: \`permit nopass ${at.user}\` in /etc/doas.conf, or another become_method`
        : 'give it with -K (--ask-become-pass) or --become-password-file',
  })
}

/** Why somebody could not become another. */
export function becomeFailure(silence: Silence, become: Become): Failure {
  const { host, user, said } = silence
  const known = refusals.find(({ by, says }) => (by === undefined || by === become.method) && says.test(said))
  const unanswered = !become.password || become.method === 'doas'
  if (known?.code === 'become-password-missing' && unanswered) return passwordMissing(silence, become)
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
    says: /password is required|no password was provided|a terminal is required to read|doas: Authoriz?s?ation required/i,
    code: 'become-password-missing',
  },
  { says: /incorrect password|Sorry, try again|Authentication failure/, code: 'become-password-wrong' },
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
