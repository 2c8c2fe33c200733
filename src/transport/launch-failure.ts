import type { Failure } from '../core/diagnostic.ts'
import { becomeFailure } from './become-failure.ts'
import { failure } from './failures.ts'
import type { Become } from './launch.ts'
import type { Ending } from './line.ts'

/** A shell that never said hello. */
export interface Silence {
  readonly host: string
  readonly user: string
  readonly become?: Become | undefined
  /** What was printed instead, stderr first. */
  readonly said: string
  /** Absent: it is still there and says nothing. */
  readonly ending?: Ending | undefined
  /** sudo, su or doas was given the password. */
  readonly answered: boolean
  /** How long it was waited for. */
  readonly seconds: number
}

export function launchFailure(silence: Silence): Failure {
  return silence.become ? becomeFailure(silence, silence.become) : shellFailure(silence)
}

function shellFailure({ host, user, said, ending, seconds }: Silence): Failure {
  const how = ending ? `it ended ${endingText(ending)}` : `it said nothing for ${seconds} s`
  return failure('no-shell', {
    host,
    message: `${user} got no shell on ${host}: ${how}`,
    cause: said,
    hint: cureOf(said, user, host),
  })
}

function cureOf(said: string, user: string, host: string): string {
  if (/account is (currently )?not available|nologin/i.test(said)) {
    return `the login shell of ${user} is nologin: give it another (usermod -s /bin/sh ${user}), or log in as somebody else`
  }
  if (/restricted/i.test(said)) {
    return `the login shell of ${user} is a restricted one: give it another (usermod -s /bin/sh ${user}), or log in as somebody else`
  }
  const forced = 'a forced command (ForceCommand, command= in authorized_keys) must not stand in between'
  return `try: ssh ${user}@${host} sh -c true; the account needs a login shell that runs commands, and ${forced}`
}

export function endingText({ code, signal, held }: Ending): string {
  if (signal !== undefined) return signal === 'unknown' ? 'by a signal' : `by signal ${signal}`
  if (held) return 'and left a child behind'
  return code === undefined ? 'without a word' : `with exit code ${code}`
}
