import { Mistake } from '../core/diagnostic.ts'
import { Secret, type Text } from '../core/secret.ts'
import type { Value } from '../core/value.ts'

export type BecomeMethod = 'sudo' | 'su' | 'doas'

/** How a host is reached and who acts there, as its variables say; what they do not say is absent. */
export interface ConnectionVars {
  /** Address or name to connect to. */
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly private_key_file?: string
  readonly known_hosts_file?: string
  readonly host_key_checking?: 'strict' | 'accept-new'
  readonly password?: Text
  readonly connection?: 'ssh' | 'openssh' | 'local'
  readonly become?: boolean
  readonly become_user?: string
  readonly become_method?: BecomeMethod
  readonly become_password?: Text
  /** Seconds. */
  readonly connect_timeout?: number
  /** The hosts it is reached through, in the order they are passed; empty: none, whatever ssh's configuration says. */
  readonly jump?: readonly string[]
  /** Options of OpenSSH's client, which its configuration is then asked with. */
  readonly ssh_args?: string
  readonly ssh_common_args?: string
  readonly ssh_extra_args?: string
}

/** Each setting under its plain name and Ansible's; Ansible's are looked at first, since nothing else is called so. */
export const connectionNames = {
  host: ['ansible_host', 'ansible_ssh_host', 'host'],
  port: ['ansible_port', 'ansible_ssh_port', 'port'],
  user: ['ansible_user', 'ansible_ssh_user', 'user'],
  private_key_file: ['ansible_ssh_private_key_file', 'ansible_private_key_file', 'private_key_file'],
  known_hosts_file: ['known_hosts_file'],
  host_key_checking: ['host_key_checking'],
  password: ['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password', 'password'],
  connection: ['ansible_connection', 'connection'],
  become: ['ansible_become', 'become'],
  become_user: ['ansible_become_user', 'become_user'],
  become_method: ['ansible_become_method', 'become_method'],
  become_password: ['ansible_become_password', 'ansible_become_pass', 'ansible_sudo_pass', 'become_password'],
  connect_timeout: ['ansible_timeout', 'ansible_ssh_timeout', 'connect_timeout'],
  jump: ['jump'],
  ssh_args: ['ansible_ssh_args', 'ssh_args'],
  ssh_common_args: ['ansible_ssh_common_args', 'ssh_common_args'],
  ssh_extra_args: ['ansible_ssh_extra_args', 'ssh_extra_args'],
} as const satisfies { readonly [K in keyof Required<ConnectionVars>]: readonly string[] }

/**
 * The settings of one host. `get` gives its rendered variables by name; plain names (`host`, `user`) should be looked
 * up in the host's own layers only, so that a play's variable `user` is not taken for the login. Throws a Mistake.
 */
export function connectionVars(get: (name: string) => Value | undefined): ConnectionVars {
  const settings: { [name: string]: Value } = {}
  for (const [setting, names] of Object.entries(connectionNames)) {
    const name = names.find(name => given(get(name)))
    if (name === undefined) continue
    settings[setting] = readers[setting as keyof ConnectionVars](get(name)!, name)
  }
  return settings as ConnectionVars
}

/** What a variable of this name that no template computes must be. Throws a Mistake; other variables may be anything. */
export function checkConnectionVar(name: string, value: Value): void {
  const setting = Object.entries(connectionNames).find(([, names]) => (names as readonly string[]).includes(name))
  if (setting && given(value)) readers[setting[0] as keyof ConnectionVars](value, name)
}

function given(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== ''
}

type Reader = (value: Value, name: string) => Value

const text: Reader = (value, name) => {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  // From an encrypted file everything is a secret; a name or an address must be known to be used.
  if (value instanceof Secret) return value.reveal()
  throw wrong(name, 'must be a text')
}

const secret: Reader = (value, name) => {
  if (value instanceof Secret) return value
  return new Secret(String(text(value, name)))
}

const number: Reader = (value, name) => {
  const plain = value instanceof Secret ? value.reveal() : value
  const parsed = typeof plain === 'string' ? Number(plain) : plain
  if (typeof parsed === 'number' && Number.isInteger(parsed) && parsed > 0) return parsed
  throw wrong(name, 'must be a whole number above 0')
}

const port: Reader = (value, name) => {
  const parsed = number(value, name) as number
  if (parsed > 65535) throw wrong(name, 'must be a port, at most 65535')
  return parsed
}

const truth: Reader = (value, name) => {
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 'false') return value === 'true'
  throw wrong(name, 'must be true or false', 'yes and no are texts: write true or false')
}

const method: Reader = becomeMethod

/** Throws a Mistake that names the variable. */
export function becomeMethod(value: Value, name: string): BecomeMethod {
  if (value === 'sudo' || value === 'su' || value === 'doas') return value
  throw wrong(name, `must be 'sudo', 'su' or 'doas'`)
}

const way: Reader = (value, name) => {
  if (value === 'ssh' || value === 'openssh' || value === 'local') return value
  if (value === 'smart' || value === 'paramiko' || value === 'paramiko_ssh') return 'ssh'
  throw wrong(name, `must be 'ssh', 'openssh' or 'local'`)
}

const jumps: Reader = (value, name) => {
  const several = Array.isArray(value) ? value : [value]
  const hosts = several.flatMap(one => (text(one as Value, name) as string).split(',')).map(host => host.trim())
  if (hosts.includes('')) throw wrong(name, 'must name hosts: user@host:port, several with commas between')
  return hosts.length === 1 && hosts[0] === 'none' ? [] : hosts
}

const checking: Reader = (value, name) => {
  if (value === 'strict' || value === 'accept-new') return value
  throw wrong(name, `must be 'strict' or 'accept-new'`)
}

const readers: { readonly [K in keyof Required<ConnectionVars>]: Reader } = {
  host: text,
  port,
  user: text,
  private_key_file: text,
  known_hosts_file: text,
  host_key_checking: checking,
  password: secret,
  connection: way,
  become: truth,
  become_user: text,
  become_method: method,
  become_password: secret,
  connect_timeout: number,
  jump: jumps,
  ssh_args: text,
  ssh_common_args: text,
  ssh_extra_args: text,
}

function wrong(name: string, message: string, hint?: string): Mistake {
  return new Mistake({ code: 'wrong-type', message: `the variable '${name}' ${message}`, hint })
}
