import { quote } from '../../core/sh.ts'
import { knownHostsFiles } from '../known-hosts-file.ts'
import type { SshTarget } from '../target.ts'

export interface Master {
  readonly socket: string
  /** The file that a new host key is written to, where one is taken. */
  readonly newKey: string
  /** What stands between: a command, or nothing. */
  readonly proxy: string | undefined
  /** Somebody answers what it asks. */
  readonly answered: boolean
}

/**
 * Everything that pitool has decided, before what the user's own configuration says: the first that is said counts.
 * The rest of that configuration is ssh's to follow.
 */
export function masterArguments(target: SshTarget, { socket, newKey, proxy, answered }: Master): readonly string[] {
  const fresh = target.hostKeyChecking === 'accept-new'
  const known = [...(fresh ? [newKey] : []), ...knownHostsFiles(target)]
  const { hostKeyAlias, agent, password } = target
  const settings: readonly (readonly [string, string | number])[] = [
    ...fixed,
    ['ConnectTimeout', target.connectTimeout + 5],
    ['BatchMode', yes(!answered)],
    ['NumberOfPasswordPrompts', 1],
    // An empty password would be sent where nobody has one.
    ...(password
      ? []
      : ([
          ['PasswordAuthentication', 'no'],
          ['KbdInteractiveAuthentication', 'no'],
        ] as const)),
    ['StrictHostKeyChecking', fresh ? 'accept-new' : 'yes'],
    ['UserKnownHostsFile', known.map(file => `"${plain(file)}"`).join(' ')],
    ['GlobalKnownHostsFile', '/dev/null'],
    ...(hostKeyAlias === undefined ? [] : ([['HostKeyAlias', hostKeyAlias]] as const)),
    ['IdentityAgent', agent === undefined ? 'none' : `"${plain(agent)}"`],
    ...(target.identitiesOnly ? ([['IdentitiesOnly', 'yes']] as const) : []),
    ...(target.family === undefined ? [] : ([['AddressFamily', target.family === 4 ? 'inet' : 'inet6']] as const)),
    ['ProxyCommand', proxy ?? 'none'],
    ...(proxy === undefined ? ([['ProxyJump', 'none']] as const) : []),
    ...(target.via ? ([['ProxyUseFdpass', 'no']] as const) : []),
  ]
  return [
    ...['-M', '-N', '-T', '-S', plain(socket), '-p', String(target.port), '-l', target.user],
    ...settings.flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ...target.privateKeyFiles.flatMap(file => ['-i', plain(file)]),
    ...others(target.sshArgs ?? []),
    '--',
    target.configName ?? target.address,
  ]
}

const fixed: readonly (readonly [string, string | number])[] = [
  // What it says of its doings tells why a login failed, and how a channel has ended.
  ['LogLevel', 'DEBUG1'],
  ['ControlPersist', 'no'],
  ['ForwardAgent', 'no'],
  ['ForwardX11', 'no'],
  ['ClearAllForwardings', 'yes'],
  ['Tunnel', 'no'],
  ['PermitLocalCommand', 'no'],
  ['RemoteCommand', 'none'],
  ['ServerAliveInterval', 15],
  ['ServerAliveCountMax', 3],
  ['CheckHostIP', 'no'],
  ['HashKnownHosts', 'no'],
  ['UpdateHostKeys', 'no'],
  ['NoHostAuthenticationForLocalhost', 'no'],
  ['VisualHostKey', 'no'],
]

/** The user's own options, without those that are settled above: jump hosts, and how much ssh says. */
function others(words: readonly string[]): readonly string[] {
  return words.filter((word, i) => !/^-[Jqv]$/.test(word) && words[i - 1] !== '-J')
}

function yes(truth: boolean): string {
  return truth ? 'yes' : 'no'
}

/** A text in which ssh shall fill in nothing. */
function plain(text: string): string {
  return text.replaceAll('%', '%%')
}

/** Leads to the master of an open connection; never calls anybody itself. */
export function overMaster(socket: string): readonly string[] {
  return ['-F', '/dev/null', '-S', plain(socket), '-o', 'ControlMaster=no', '-o', 'ProxyCommand=false']
}

/** The command whose streams lead from the jump host to the target. */
export function hopCommand(target: SshTarget, socket: string): string {
  const place = `[${target.address}]:${target.port}`
  const words = ['ssh', ...overMaster(socket), '-o', 'LogLevel=ERROR', '-W', place, '--', 'hop']
  return plain(words.map(quote).join(' '))
}

/** The user's own ProxyCommand, whose questions are not for pitool to answer. */
export function ownProxy(command: string): string {
  const { SSH_ASKPASS = '', SSH_ASKPASS_REQUIRE = 'never' } = process.env
  const apart = `env SSH_ASKPASS=${quote(SSH_ASKPASS)} SSH_ASKPASS_REQUIRE=${quote(SSH_ASKPASS_REQUIRE)}`
  return plain(`${apart} sh -c ${quote(`exec ${command}`)}`)
}
