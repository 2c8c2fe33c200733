import { existsSync } from 'node:fs'
import { type Failure, Unreachable } from '../../core/diagnostic.ts'
import { failure, unreachable } from '../failures.ts'
import { notForwarded, through } from '../hop-failure.ts'
import { judgeKey, refusal } from '../host-key.ts'
import type { KeyRing } from '../keys.ts'
import { knownHostsFiles, readKnownHosts } from '../known-hosts-file.ts'
import { busy, Dropped, refusedLogin, strangerFailure } from '../login-failure.ts'
import { proxyBroken } from '../proxy-command.ts'
import { placeOf, type SshTarget } from '../target.ts'
import { unreached } from '../unreached.ts'
import type { OpensshHop } from './openssh-line.ts'
import type { Talk } from './talk.ts'
import { unusableKeys } from './unusable-keys.ts'

/** A login that came to nothing. */
export interface Ended {
  readonly target: SshTarget
  readonly talk: Talk
  /** Of the ssh that has ended. */
  readonly code: number
  readonly keys: KeyRing
  /** The files of the keys whose passphrase was asked. */
  readonly asked: ReadonlySet<string>
  readonly hop?: OpensshHop | undefined
}

/** Why ssh has ended without a login, in the words that the other transport has for it. */
export async function loginFailure(ended: Ended): Promise<Failure | Dropped> {
  const { target, talk, code } = ended
  const said = talk.complaints.join('\n')
  if (code === 127) return noProgram(target)
  if (!talk.connected && !talk.greeted) return (await unconnected(ended, said)) ?? unexplained(target, said)
  if (/Host key verification failed|REMOTE HOST IDENTIFICATION|REVOKED HOST KEY/.test(said)) {
    return await distrusted(target, talk, said)
  }
  if (/Permission denied \(|Too many authentication failures|No supported authentication/.test(said)) {
    return await refused(ended, said)
  }
  return (talk.greeted ? undefined : unanswered(target, talk, said)) ?? interrupted(target, talk, said)
}

export function noProgram({ host }: SshTarget): Failure {
  return failure('unsupported', {
    host,
    message: `${host} is to be reached by connection: openssh, but there is no program ssh on this machine`,
    hint: 'install OpenSSH here (Debian: openssh-client), or reach the host by connection: ssh, which needs none',
  })
}

/** Nothing has come, not even a TCP connection: from ssh itself, the network, or whatever stands in between. */
async function unconnected({ target, talk, hop }: Ended, said: string): Promise<Failure | Dropped | undefined> {
  if (misread.test(said)) {
    return failure('unsupported', {
      host: target.host,
      message: `ssh cannot use its configuration for ${target.host}`,
      cause: said,
      hint: `see what it says: ssh -G ${target.configName ?? target.address}; options stand in ssh_config and in ansible_ssh_common_args and its like`,
    })
  }
  const [, unknown] = /Could not resolve hostname \S+: (.*)/.exec(said) ?? []
  if (unknown !== undefined) return unreached(target, /Temporary/.test(unknown) ? 'EAI_AGAIN' : 'ENOTFOUND', unknown)
  const [, reason] = /connect to (?:host|address) .* port \d+: (.*)/.exec(said) ?? []
  if (reason !== undefined) {
    const code = systemCodes.find(([pattern]) => pattern.test(reason))?.[1] ?? ''
    return code === 'ECONNRESET' ? new Dropped('before the handshake', '') : unreached(target, code, reason)
  }
  if (hop && target.via) {
    const refusal = hop.line.refusalOf(target)
    if (refusal !== undefined) return through(target, target.via, notForwarded(target, target.via, refusal))
    return new Dropped('before the handshake', '')
  }
  if (target.proxyCommand === undefined) return undefined
  if (talk.strange.length > 0) return unanswered(target, talk, said)
  return proxyBroken(target, { command: target.proxyCommand, how: 'ended', said: said.replace(hangUp, '') })
}

const misread =
  /[Bb]ad configuration option|[Bb]ad owner or permissions|bad configuration options|extra arguments at end|missing argument|[Uu]nsupported option|command-line:? line \d+|Bad \S+ (spec|argument|file|value|list)|Can't open user config/

const systemCodes: readonly (readonly [RegExp, string])[] = [
  [/refused/, 'ECONNREFUSED'],
  [/timed out/, 'ETIMEDOUT'],
  [/No route/, 'EHOSTUNREACH'],
  [/unreachable/, 'ENETUNREACH'],
  [/reset/, 'ECONNRESET'],
]

const hangUp = /^.*(Connection (closed|reset)|Broken pipe|closed by remote host).*$/gim

/** Connected, but no name of a server has come. */
function unanswered(target: SshTarget, { strange }: Talk, said: string): Failure | Dropped | undefined {
  const stranger = strange.join('\n')
  if (stranger !== '' && !busy.test(stranger)) return strangerFailure(target, stranger)
  if (/invalid characters|too long|invalid format|Bad remote protocol|Protocol major/i.test(said)) {
    return strangerFailure(target, said)
  }
  return new Dropped('before the handshake', stranger)
}

async function distrusted(target: SshTarget, { hostKey }: Talk, said: string): Promise<Unreachable> {
  const files = knownHostsFiles(target)
  const verdict = hostKey && judgeKey(await readKnownHosts(files).catch(() => []), target, hostKey)
  const [, invalid] = /Certificate invalid: (.*)/.exec(said) ?? []
  if (hostKey && verdict && verdict.kind !== 'known') {
    const diagnostic = refusal(verdict, target, { key: hostKey, file: files[0] as string })
    const cause = invalid === undefined ? diagnostic.cause : `its host certificate is invalid: ${invalid}`
    return new Unreachable({ ...diagnostic, cause })
  }
  return unreachable(/revoked/i.test(said) ? 'host-key-revoked' : 'host-key-unknown', {
    host: target.host,
    message: `ssh does not trust the host key of ${placeOf(target)}${hostKey ? `: ${hostKey.type} ${hostKey.fingerprint}` : ''}`,
    cause: said,
    hint: `see what it compares it with: ssh -v -p ${target.port} ${target.configName ?? target.address}`,
  })
}

async function refused({ target, talk, keys, asked }: Ended, said: string): Promise<Unreachable> {
  const tried = talk.tried.filter(way => !way.startsWith('key ') || existsSync(way.slice(4)))
  const unusable = await unusableKeys(target, { keys, asked, talk })
  const more = /Too many authentication failures/.exec(said)?.[0]
  return refusedLogin(target, { tried, unusable, offered: talk.offered, certificates: [], emptyAgent: false }, more)
}

/** The server is there, and has gone before it has decided. */
function interrupted(target: SshTarget, talk: Talk, said: string): Failure | Dropped {
  const [, none] = /Unable to negotiate with .*?: (no matching .*)/.exec(said) ?? []
  if (none !== undefined) {
    return unreachable('unreachable', {
      host: target.host,
      message: `no SSH connection with ${placeOf(target)}: ${none.split('. Their offer')[0]}`,
      cause: none,
      hint: "ssh can do more than it does unasked (ssh -Q kex, cipher, mac, key): ansible_ssh_common_args: '-o KexAlgorithms=+…', or in ssh_config",
    })
  }
  if (!said.match(hangUp)) return unexplained(target, said)
  return new Dropped(talk.shook ? 'during the login' : 'before the handshake', said.replace(hangUp, '').trim())
}

function unexplained(target: SshTarget, said: string): Unreachable {
  return unreachable('unreachable', {
    host: target.host,
    message: `ssh has made no connection with ${placeOf(target)}`,
    cause: said,
    hint: `try it: ssh -v -p ${target.port} ${target.user}@${target.configName ?? target.address}`,
  })
}
