import type { Unreachable } from '../core/diagnostic.ts'
import { unreachable } from './failures.ts'
import { placeOf, type SshTarget } from './target.ts'

const cures: { readonly [code: string]: string } = {
  ECONNREFUSED: 'is sshd running there, and is this its port? (ansible_port)',
  ENOTFOUND: 'the name cannot be looked up: correct ansible_host, or give the IP address',
  EAI_AGAIN: 'the name cannot be looked up just now: is DNS reachable?',
  ETIMEDOUT: 'is the machine on, and in this network? A firewall may drop the connection; more time: --timeout',
  EHOSTUNREACH: 'is the machine on, and in this network?',
  ENETUNREACH: 'this machine has no route to that network',
}

const reasons: { readonly [code: string]: string } = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'unknown name',
  EAI_AGAIN: 'the name could not be looked up',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
}

/** No TCP connection, and the system's code for why. */
export function unreached(target: SshTarget, code: string, said: string): Unreachable {
  return unreachable('unreachable', {
    host: target.host,
    message: `${target.host} cannot be reached at ${placeOf(target)}: ${reasons[code] ?? said}`,
    cause: code === 'ETIMEDOUT' ? `no answer within ${target.connectTimeout} s` : said,
    hint: cures[code],
  })
}
