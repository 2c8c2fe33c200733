import type { Unreachable } from '../core/diagnostic.ts'
import { unreachable } from './failures.ts'
import type { Unusable } from './keys.ts'
import { jumpsOf, placeOf, type SshTarget } from './target.ts'

/** The server hung up before it had let us in or turned us down: it is worth another call. */
export class Dropped extends Error {
  override readonly name = 'Dropped'
  readonly said: string
  constructor(when: string, said: string) {
    super(when)
    this.said = said
  }
}

/** What came of the ways of logging in. */
export interface LoginStory {
  readonly tried: readonly string[]
  readonly unusable: readonly Unusable[]
  /** What the server said it would take. */
  readonly offered: readonly string[]
  /** Certificates of the user, which were not shown. */
  readonly certificates: readonly string[]
  /** There is an agent, but none of its keys can be used. */
  readonly emptyAgent: boolean
}

interface Ended {
  readonly target: SshTarget
  readonly login: LoginStory
  /** The handshake was done. */
  readonly shook: boolean
  /** What the server said before the login, or instead of a handshake. */
  readonly said: string
  readonly error: Error
}

export function loginFailure({ target, login, shook, said, error }: Ended): Unreachable | Dropped {
  if (!shook && said !== '' && !busy.test(said)) return strangerFailure(target, said)
  if (hangUps.test(`${error.message} ${(error as NodeJS.ErrnoException).code ?? ''}`)) {
    return new Dropped(shook ? 'during the login' : 'before the handshake', said.replace(/^SSH-[\s\S]*/m, ''))
  }
  if (!shook) return handshakeFailure(target, error)
  const refused = (error as { level?: string }).level === 'client-authentication'
  return refusedLogin(target, login, refused ? undefined : error.message)
}

/** The server has let nothing count that was tried. */
export function refusedLogin(target: SshTarget, login: LoginStory, said?: string): Unreachable {
  const [unusable] = login.unusable
  if (unusable) {
    return unreachable('key-unusable', {
      host: target.host,
      message: `${target.user} cannot log in to ${target.host}: the key ${unusable.file} cannot be used: ${unusable.why}`,
      cause: triedText(login),
      hint: unusable.hint,
    })
  }
  return unreachable('auth-failed', {
    host: target.host,
    message: `${target.host} refuses the login of ${target.user}`,
    cause: `${said === undefined ? '' : `${said}; `}${triedText(login)}`,
    hint: cure(target, login),
  })
}

function triedText({ tried, offered }: LoginStory): string {
  const takes = offered.length > 0 ? `; the server takes: ${offered.join(', ')}` : ''
  return `tried: ${tried.length > 0 ? tried.join(', ') : 'nothing'}${takes}`
}

function cure(target: SshTarget, login: LoginStory): string {
  const { tried, offered } = login
  const byPassword = offered.includes('password') || offered.includes('keyboard-interactive')
  if (target.password) return 'correct the password, or install a key: ssh-copy-id'
  const jumps = jumpsOf(target)
  const way = jumps === undefined ? '' : `-o ProxyJump=${jumps} `
  const copy = `install your key there: ssh-copy-id ${way}-p ${target.port} ${target.user}@${target.address}`
  const [certificate] = login.certificates
  if (certificate !== undefined)
    return `${certificate} is a certificate, which only OpenSSH can show: connection: openssh in the inventory; or let the plain key in (authorized_keys): ${copy}`
  if (login.emptyAgent && tried.length === 0)
    return `the agent holds no key that can be used so; with connection: openssh security keys and certificates can; or add a plain one, ssh-keygen -t ed25519; ${copy}`
  if (byPassword) return `${copy}; or log in by password: -k (--ask-pass)`
  return tried.length > 0
    ? `name the right key (--private-key) or user (-u)`
    : 'make a key (ssh-keygen -t ed25519) or name one (--private-key); a fresh machine may want its password: -k'
}

const hangUps = /lost before handshake|No response from server|ECONNRESET|EPIPE|socket hang up/i

/** Called again and again, it always hung up. */
export function droppedFailure(target: SshTarget, error: Dropped, calls: number): Unreachable {
  return unreachable('unreachable', {
    host: target.host,
    message: `${placeOf(target)} hung up on ${calls} calls, ${error.message}`,
    cause: error.said,
    hint: 'is it sshd that listens there, and done with booting? It may have too many callers (MaxStartups: fewer --forks) or have blocked this address (PerSourcePenalties, fail2ban: wait)',
  })
}

/** The login has taken longer than a connection may. */
export function tooLate(target: SshTarget, shook: boolean): Unreachable {
  const { host, connectTimeout } = target
  return unreachable('unreachable', {
    host,
    message: `${host} did not let us in within ${connectTimeout} s (${placeOf(target)})`,
    cause: shook ? 'the login did not end' : 'no SSH handshake: something else may listen there',
    hint: 'the machine may be busy or just starting; more time: --timeout',
  })
}

/** What sshd says instead of its name when it has too many callers, or none of this address. */
export const busy = /^SSH-|MaxStartups|Not allowed at this time/im

export function strangerFailure(target: SshTarget, said: string): Unreachable {
  return unreachable('unreachable', {
    host: target.host,
    message: `what listens at ${placeOf(target)} does not speak SSH`,
    cause: said,
    hint: 'correct ansible_host or ansible_port',
  })
}

function handshakeFailure(target: SshTarget, error: Error): Unreachable {
  return unreachable('unreachable', {
    host: target.host,
    message: `no SSH connection with ${placeOf(target)}: ${error.message}`,
    hint: missing.find(([pattern]) => pattern.test(error.message))?.[1] ?? 'is it really sshd that listens there?',
  })
}

const missing: readonly (readonly [RegExp, string])[] = [
  [
    /no matching key exchange/,
    'OpenSSH can do post-quantum exchanges (sntrup761, mlkem768): connection: openssh in the inventory; or add curve25519-sha256 to KexAlgorithms in its sshd_config',
  ],
  [
    /no matching host key/,
    'give it a plain host key, as ssh-keygen -A makes them: ed25519, ECDSA or RSA; or connection: openssh, which takes others',
  ],
  [/no matching .*cipher/, 'add aes256-gcm@openssh.com or aes256-ctr to Ciphers in its sshd_config'],
  [/no matching .*MAC/i, 'add hmac-sha2-256-etm@openssh.com to MACs in its sshd_config'],
  [
    /no matching/,
    'the server offers no algorithm that pitool knows: try connection: openssh, or see Ciphers, MACs and KexAlgorithms in its sshd_config',
  ],
]
