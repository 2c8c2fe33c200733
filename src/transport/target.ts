import type { Secret } from '../core/secret.ts'
import type { BecomeMethod } from './launch.ts'

/** Everything needed to reach a host over SSH. */
export interface SshTarget {
  /** By the library ssh2, or by the program `ssh` of this machine. */
  readonly connection: 'ssh' | 'openssh'
  /** The inventory name. */
  readonly host: string
  /** Name or IP address to connect to. */
  readonly address: string
  /** The name that ssh's own configuration is looked up by; absent: the address. */
  readonly configName?: string | undefined
  /** Options that the program `ssh` is given, as the user wrote them. */
  readonly sshArgs?: readonly string[] | undefined
  readonly port: number
  readonly user: string
  /** Named by the user; empty: the default keys in `~/.ssh` where there are some. */
  readonly privateKeyFiles: readonly string[]
  /** Absent: `~/.ssh/known_hosts` and `/etc/ssh/ssh_known_hosts`. New keys go to the first. */
  readonly knownHostsFiles?: readonly string[] | undefined
  readonly hostKeyChecking: 'strict' | 'accept-new'
  /** The name its key is known by, instead of address and port. */
  readonly hostKeyAlias?: string | undefined
  /** The jump host it is reached through, which may have one of its own. */
  readonly via?: SshTarget | undefined
  /** A command of this machine whose input and output lead to the host's sshd. */
  readonly proxyCommand?: string | undefined
  /** Only addresses of this kind. */
  readonly family?: 4 | 6 | undefined
  readonly password?: Secret | undefined
  readonly becomePassword?: Secret | undefined
  /** Where a task names none; sudo when absent. */
  readonly becomeMethod?: BecomeMethod | undefined
  /** Seconds, for the TCP connection, the login, and each shell. */
  readonly connectTimeout: number
  /** The socket of an ssh-agent. */
  readonly agent?: string | undefined
  /** Of the agent's keys only those that the files name. */
  readonly identitiesOnly?: boolean | undefined
  /** Certificates of the user, which cannot be shown: a refused login mentions them. */
  readonly certificateFiles?: readonly string[] | undefined
  /** Asked at most once a file; undefined: the user would not tell. */
  readonly passphrase?: ((file: string) => Promise<Secret | undefined>) | undefined
}

/** The machine pitool runs on, `connection: local`. */
export interface LocalTarget {
  readonly connection: 'local'
  readonly host: string
  readonly becomePassword?: Secret | undefined
  readonly becomeMethod?: BecomeMethod | undefined
  readonly connectTimeout: number
}

export type Target = SshTarget | LocalTarget

/** Address and port as they are written: IPv6 in brackets. */
export function placeOf({ address, port }: Pick<SshTarget, 'address' | 'port'>): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** The jump hosts in the order they are passed, as `ssh -J` takes them; undefined where there are none. */
export function jumpsOf({ via }: SshTarget): string | undefined {
  if (!via) return undefined
  const before = jumpsOf(via)
  return `${before === undefined ? '' : `${before},`}${via.user}@${placeOf(via)}`
}
