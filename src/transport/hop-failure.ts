import type { Failure } from '../core/diagnostic.ts'
import { Unreachable } from '../core/diagnostic.ts'
import { unreachable } from './failures.ts'
import { placeOf, type SshTarget } from './target.ts'

/** What went wrong at the hop, told of the host behind it. */
export function through(target: SshTarget, via: SshTarget, { diagnostic }: Failure): Unreachable {
  const message = `${target.host} is reached through ${via.host}: ${diagnostic.message}`
  return new Unreachable({ ...diagnostic, host: target.host, message })
}

/** The hop is there, but not the way from it to the host. */
export function notForwarded(target: SshTarget, via: SshTarget, said: string): Unreachable {
  const [, hint] = cures.find(([pattern]) => pattern.test(said)) ?? []
  return unreachable('unreachable', {
    host: target.host,
    message: `${via.host} cannot connect to ${placeOf(target)}`,
    cause: said.replace('(SSH) Channel open failure: ', ''),
    hint: hint ?? `is the machine on, and can ${via.host} reach it? Its address is looked up on ${via.host}`,
  })
}

const cures: readonly (readonly [RegExp, string])[] = [
  [/prohibited/i, 'allow it in the sshd_config of the jump host: AllowTcpForwarding, PermitOpen'],
  [/refused/i, 'is sshd running there, and is this its port? (ansible_port)'],
  [/shortage|No free channels/i, 'the jump host takes no more channels: fewer --forks'],
  [/no answer|timed out/i, 'is the machine on, and does a firewall let the jump host in? More time: --timeout'],
]
