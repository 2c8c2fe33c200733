import { userInfo } from 'node:os'
import { Failure, Mistake } from '../core/diagnostic.ts'
import { Secret, type Text } from '../core/secret.ts'
import type { ConnectionVars } from '../playbook/connection-vars.ts'
import type { Settings } from '../playbook/model.ts'
import type { SshTarget, Target } from '../transport/target.ts'
import { parseHop, withoutBrackets } from './hop.ts'
import { connectionOf, type HostSources } from './host-scope.ts'
import { askPassphrase, type Passwords } from './password.ts'
import { readSshArgs, type SshArgs } from './ssh-args.ts'
import { type SshConfig, sshConfig } from './ssh-config.ts'
import { filesOf, timeoutOf } from './target-files.ts'

/** What all targets of a run are made from. */
export interface Ways {
  readonly sources: HostSources
  readonly settings: Settings
  readonly passwords: Passwords
}

/** How to reach a host: the inventory first, then command line and `pitool.yml`, then ssh's own configuration. Throws a Failure. */
export async function targetOf(host: string, ways: Ways): Promise<Target> {
  const vars = varsOf(host, ways.sources)
  const { settings, passwords, sources } = ways
  const here = host === 'localhost' && !sources.inventory.hosts.has(host)
  if ((vars.connection ?? (here ? 'local' : 'ssh')) !== 'local') return sshTarget(host, vars, { ways, trail: [] })
  return {
    connection: 'local',
    host,
    becomePassword: secret(vars.become_password) ?? passwords.become,
    becomeMethod: vars.become_method,
    connectTimeout: vars.connect_timeout ?? settings.connect_timeout,
  }
}

interface Route {
  readonly ways: Ways
  /** The hosts on whose account this one is asked for. */
  readonly trail: readonly string[]
  /** The jump host before this one, where that is settled. */
  readonly via?: SshTarget | undefined
  /** A jump host that the inventory does not know: no password of this run is meant for it. */
  readonly foreign?: boolean
  /** The host behind it is reached by the program ssh, which goes all the way then. */
  readonly program?: boolean
}

async function sshTarget(host: string, vars: ConnectionVars, route: Route): Promise<SshTarget> {
  const { settings, passwords } = route.ways
  const program = vars.connection === 'openssh' || route.program === true
  const args = argsOf(vars, host, program)
  const name = withoutBrackets(vars.host ?? host)
  const user = vars.user ?? (route.foreign ? undefined : settings.remote_user)
  const ssh = await sshConfig({ address: name, port: vars.port, user, args: args.words, program })
  const via = route.via ?? (await viaOf(host, vars, { ssh, args, route: { ...route, program } }))
  return {
    connection: program || via?.connection === 'openssh' ? 'openssh' : 'ssh',
    host,
    address: ssh.address ?? name,
    configName: name,
    sshArgs: args.words,
    port: vars.port ?? ssh.port ?? 22,
    user: user ?? ssh.user ?? userInfo().username,
    ...filesOf({ vars, settings, ssh, foreign: route.foreign }),
    hostKeyChecking: vars.host_key_checking ?? (ssh.acceptNew ? 'accept-new' : settings.host_key_checking),
    hostKeyAlias: ssh.hostKeyAlias,
    via,
    proxyCommand: via || vars.jump ? undefined : ssh.proxyCommand,
    family: ssh.family,
    password: secret(vars.password) ?? (route.foreign ? undefined : passwords.login),
    becomePassword: secret(vars.become_password) ?? passwords.become,
    becomeMethod: vars.become_method,
    connectTimeout: timeoutOf(vars, settings, ssh),
    agent: ssh.agent === undefined ? process.env.SSH_AUTH_SOCK || undefined : (ssh.agent ?? undefined),
    identitiesOnly: ssh.identitiesOnly,
    certificateFiles: ssh.certificateFiles,
    passphrase: askPassphrase,
  }
}

interface Found {
  readonly ssh: SshConfig
  readonly args: SshArgs
  readonly route: Route
}

/** The last of the jump hosts before a host, each with the one before it. */
async function viaOf(host: string, vars: ConnectionVars, { ssh, args, route }: Found): Promise<SshTarget | undefined> {
  const all = vars.jump ?? ssh.jumps ?? []
  // A group's jump hosts may be in that group: each is reached through those before it.
  const jumps = vars.jump && all.includes(host) ? all.slice(0, all.indexOf(host)) : all
  const trail = [...route.trail, host]
  let via: SshTarget | undefined
  for (const jump of jumps) {
    if (via === undefined && trail.includes(jump)) throw circle([...trail, jump])
    const next: Route = { ...route, trail, via }
    const known = vars.jump !== undefined && route.ways.sources.inventory.hosts.has(jump)
    via = known ? await inventoryHop(jump, next) : await foreignHop(jump, { vars, args, route: next })
  }
  return via
}

async function inventoryHop(host: string, route: Route): Promise<SshTarget> {
  const vars = varsOf(host, route.ways.sources)
  if (vars.connection !== 'local') return sshTarget(host, vars, route)
  const message = `${route.trail.at(-1)} has the jump host ${host}, which is this machine (connection: local)`
  throw new Failure({ code: 'unsupported', message, hint: 'a jump host is reached over SSH; remove it from jump' })
}

/** As ssh does it: of the host behind it counts only what says where keys are; the rest is ssh's configuration. */
function foreignHop(
  jump: string,
  { vars, args, route }: { vars: ConnectionVars; args: SshArgs; route: Route },
): Promise<SshTarget> {
  const { address, port, user } = parseHop(jump, route.trail.at(-1) as string)
  const { known_hosts_file, host_key_checking, connect_timeout, private_key_file } = vars
  const given = { host: address, port, user, known_hosts_file, host_key_checking, connect_timeout, private_key_file }
  const own: { [name: string]: unknown } = {}
  for (const [name, value] of Object.entries(given)) if (value !== undefined) own[name] = value
  if (args.file !== undefined) own.ssh_args = `-F '${args.file.replaceAll("'", `'\\''`)}'`
  return sshTarget(jump, own as ConnectionVars, { ...route, foreign: true })
}

function argsOf(vars: ConnectionVars, host: string, program: boolean): SshArgs {
  const texts = [vars.ssh_args, vars.ssh_common_args, vars.ssh_extra_args].filter(text => text !== undefined)
  return readSshArgs(texts.join(' '), host, program)
}

function circle(trail: readonly string[]): Failure {
  const message = `the jump hosts go round in a circle: ${trail.join(' → ')}`
  return new Failure({
    code: 'unsupported',
    message,
    hint: 'correct jump in the inventory, or ProxyJump in ssh_config',
  })
}

function varsOf(host: string, sources: HostSources): ConnectionVars {
  try {
    return connectionOf(sources, host)
  } catch (error) {
    const found = error instanceof Mistake ? error.diagnostics[0] : undefined
    throw found ? new Failure({ ...found, host }) : error
  }
}

function secret(text: Text | undefined): Secret | undefined {
  return typeof text === 'string' ? new Secret(text) : text
}
