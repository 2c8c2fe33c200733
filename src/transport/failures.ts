import type { Code } from '../core/codes.ts'
import { Failure, ShellLost, Unreachable } from '../core/diagnostic.ts'
import { mask } from '../core/secret.ts'

interface Said {
  readonly host: string
  readonly message: string
  readonly cause?: string | undefined
  readonly hint?: string | undefined
}

export function unreachable(code: Code, said: Said): Unreachable {
  return new Unreachable({ code, ...said, cause: quoted(said.cause) })
}

export function failure(code: Code, said: Said): Failure {
  return new Failure({ code, ...said, cause: quoted(said.cause) })
}

export function shellLost(said: Said): ShellLost {
  return new ShellLost({ code: 'bad-answer', ...said, cause: quoted(said.cause) })
}

export function lost(host: string, cause?: string): Unreachable {
  return unreachable('connection-lost', {
    host,
    message: `the connection to ${host} was lost`,
    cause,
    hint: 'what was being done there may or may not have happened; run again: the next look decides',
  })
}

export function noSession({ host, user }: { readonly host: string; readonly user: string }, cause: string): Failure {
  return failure('no-shell', {
    host,
    message: `${host} lets ${user} log in, but opens no session`,
    cause,
    hint: 'see MaxSessions and ForceCommand in its sshd_config, and the limits of the account',
  })
}

export function cancelled(host: string): Failure {
  return failure('cancelled', { host, message: `cancelled on ${host}` })
}

const longest = 600

/** What a host said, short enough to show, with secrets and control characters blotted out. */
export function quoted(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const plain = mask(text)
    .replace(/[\0-\x08\x0b-\x1f\x7f]/g, '\uFFFD')
    .trim()
  if (plain === '') return undefined
  return plain.length <= longest ? plain : `${plain.slice(0, longest / 2)} … ${plain.slice(-longest / 2)}`
}
