import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { Failure } from '../core/diagnostic.ts'
import { configSpeaks } from './ssh-config-files.ts'
import { expandTokens, type Tokens } from './ssh-tokens.ts'

/** What OpenSSH's own configuration says of a host; only what differs from its defaults or exists. */
export interface SshConfig {
  readonly address?: string
  readonly port?: number
  readonly user?: string
  readonly privateKeyFiles: readonly string[]
  readonly certificateFiles?: readonly string[]
  readonly identitiesOnly?: boolean
  /** null: none is to be asked. */
  readonly agent?: string | null
  readonly knownHostsFiles: readonly string[]
  readonly hostKeyAlias?: string
  readonly acceptNew?: boolean
  /** Seconds. */
  readonly connectTimeout?: number
  readonly family?: 4 | 6
  /** As ssh prints them, in the order they are passed. */
  readonly jumps?: readonly string[]
  readonly proxyCommand?: string
}

export interface Asked {
  readonly address: string
  /** Given by others already: what Match and the tokens of the configuration go by. */
  readonly port?: number | undefined
  readonly user?: string | undefined
  /** Options for ssh; with any, it is asked even where there is no configuration. */
  readonly args?: readonly string[]
  readonly home?: string
  /** The program ssh follows all that its configuration says. */
  readonly program?: boolean
}

const nothing: SshConfig = { privateKeyFiles: [], knownHostsFiles: [] }

/**
 * Asks `ssh -G`, which reads Include and Match as ssh itself does. Nothing where there is no configuration.
 * Throws a Failure where ssh cannot read it, or for what pitool cannot honour.
 */
export async function sshConfig({
  address,
  port,
  user,
  args = [],
  home = homedir(),
  program = false,
}: Asked): Promise<SshConfig> {
  if (address.startsWith('-') || (args.length === 0 && !configSpeaks(home))) return nothing
  const given = [...(port === undefined ? [] : ['-p', String(port)]), ...(user === undefined ? [] : ['-l', user])]
  const text = await new Promise<string>((resolve, reject) => {
    execFile('ssh', ['-G', ...given, ...args, '--', address], { timeout: 10_000 }, (error, stdout, stderr) => {
      if (!error) resolve(stdout)
      else if (error.code === 'ENOENT' && args.length === 0) resolve('')
      else reject(unread(address, error.code === 'ENOENT' ? 'there is no program ssh' : stderr || error.message))
    })
  })
  return text === '' ? nothing : parseSshConfig(text, { address, home, program })
}

/** Reads what `ssh -G` prints: a key and its value a line. Throws a Failure for what pitool cannot do. */
export function parseSshConfig(text: string, { address, home = homedir(), program = false }: Asked): SshConfig {
  const said = text.split('\n').map(line => /^(\S+) (.*)$/.exec(line.trim()) ?? [])
  const all = (key: string) => said.flatMap(([, name, value]) => (name === key && value !== undefined ? [value] : []))
  const one = (key: string) => all(key).filter(value => value !== 'none')[0]
  if (!program) refuseOthers(one, address)
  const [hostname] = all('hostname')
  const port = Number(one('port'))
  const tokens: Tokens = {
    name: address,
    address: hostname ?? address,
    port: Number.isInteger(port) ? port : 22,
    user: one('user') ?? userInfo().username,
    alias: one('hostkeyalias'),
    home,
  }
  const path = (file: string) => expandTokens(file.replace(/^~(?=\/|$)/, home), tokens)
  const seconds = Number(one('connecttimeout'))
  const certificates = all('certificatefile').map(path)
  return {
    ...(hostname === undefined || hostname === address ? {} : { address: hostname }),
    ...(Number.isInteger(port) && port !== 22 ? { port } : {}),
    ...optional('user', one('user')),
    privateKeyFiles: keyFiles(all('identityfile')).map(path).filter(existsSync),
    ...(certificates.length > 0 ? { certificateFiles: certificates } : {}),
    ...(one('identitiesonly') === 'yes' ? { identitiesOnly: true } : {}),
    ...optional('agent', agentOf(all('identityagent')[0], path)),
    knownHostsFiles: [...all('userknownhostsfile'), ...all('globalknownhostsfile')]
      .flatMap(files => files.split(' '))
      .filter(file => file !== '' && file !== '/dev/null' && file !== 'none')
      .map(path),
    ...optional('hostKeyAlias', one('hostkeyalias')),
    ...(one('stricthostkeychecking') === 'accept-new' ? { acceptNew: true } : {}),
    ...(seconds > 0 ? { connectTimeout: seconds } : {}),
    ...optional('family', ({ inet: 4, inet6: 6 } as const)[one('addressfamily') ?? '']),
    ...optional('jumps', one('proxyjump')?.split(',')),
    ...optional('proxyCommand', one('proxycommand') && expandTokens(one('proxycommand') as string, tokens)),
  }
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]: V })
}

/** ssh lists its defaults where none is named; those are not the user's choice. */
function keyFiles(files: readonly string[]): readonly string[] {
  const usual = /^~\/\.ssh\/id_(rsa|dsa|ecdsa|ecdsa_sk|ed25519|ed25519_sk|xmss)$/
  return files.length > 1 && files.every(file => usual.test(file)) ? [] : files
}

function agentOf(said: string | undefined, path: (file: string) => string): string | null | undefined {
  if (said === undefined || said === 'SSH_AUTH_SOCK') return undefined
  if (said === 'none') return null
  return said.startsWith('$') && !said.startsWith('${') ? process.env[said.slice(1)] : path(said)
}

const cannot: { readonly [key: string]: string } = {
  bindaddress: 'the source address cannot be chosen',
  bindinterface: 'the source interface cannot be chosen',
  knownhostscommand: 'host keys are read from known_hosts files only',
  revokedhostkeys: 'revoked keys are read from known_hosts files only, as @revoked lines',
  pkcs11provider: 'security devices cannot be asked; load the key into an ssh-agent (ssh-add -s)',
}

function refuseOthers(one: (key: string) => string | undefined, address: string): void {
  const proxied = one('proxyusefdpass') === 'yes' ? 'proxyusefdpass' : undefined
  const key = Object.keys(cannot).find(name => one(name) !== undefined) ?? proxied
  if (key === undefined) return
  const message = `ssh's configuration says ${key} ${one(key)} for ${address}: ${cannot[key] ?? 'no socket can be taken over'}`
  const hint =
    'reach the host by connection: openssh, which can; or take it out for it (Match or Host in ~/.ssh/config)'
  throw new Failure({ code: 'unsupported', message, hint })
}

function unread(address: string, cause: string): Failure {
  const message = `ssh's configuration for ${address} cannot be read`
  const hint = `see what OpenSSH says: ssh -G ${address}; its options stand in ansible_ssh_common_args and its like`
  return new Failure({ code: 'unsupported', message, cause: cause.trim().slice(0, 600), hint })
}
