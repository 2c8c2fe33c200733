import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { SshTarget } from '../../src/transport/target.ts'

const program = '/usr/sbin/sshd'
export const sshdIsThere = existsSync(program)

/** An sshd of this user's own on loopback, with a folder of its own for keys and known hosts. */
export interface Sshd {
  readonly folder: string
  readonly port: number
  readonly keyFile: string
  readonly knownHosts: string
  /** The public host key as `type base64`. */
  readonly hostKey: string
  target(more?: Partial<SshTarget>): SshTarget
  /** Makes a client key that may log in, and returns its file. */
  newKey(name: string, ...args: readonly string[]): string
  /** What it has written so far. */
  log(): string
  stop(): Promise<void>
}

/** Starts an sshd, whose targets are reached in one way. */
export interface Start {
  (...settings: readonly string[]): Promise<Sshd>
  readonly connection: SshTarget['connection']
}

export function starter(connection: SshTarget['connection']): Start {
  const start = async (...settings: readonly string[]): Promise<Sshd> => {
    const sshd = await startSshd(...settings)
    return { ...sshd, target: more => sshd.target({ connection, ...more }) }
  }
  return Object.assign(start, { connection })
}

/** On 127.0.0.1, or where a setting says ListenAddress. */
export async function startSshd(...settings: readonly string[]): Promise<Sshd> {
  const address = settings.find(line => line.startsWith('ListenAddress '))?.split(' ')[1] ?? '127.0.0.1'
  const folder = mkdtempSync(join(tmpdir(), 'pitool-sshd-'))
  const at = (name: string) => join(folder, name)
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true })
  const port = await freePort()
  const keygen = (name: string, ...args: readonly string[]) => {
    const type = args.includes('-t') ? [] : ['-t', 'ed25519']
    const passphrase = args.includes('-N') ? [] : ['-N', '']
    execFileSync('ssh-keygen', ['-q', ...type, ...passphrase, '-f', at(name), ...args], { stdio: 'ignore' })
    return at(name)
  }
  const newKey = (name: string, ...args: readonly string[]) => {
    const file = keygen(name, ...args)
    writeFileSync(at('authorized_keys'), readFileSync(`${file}.pub`), { flag: 'a', mode: 0o600 })
    return file
  }
  keygen('host')
  const keyFile = newKey('key')
  writeFileSync(
    at('config'),
    [
      ...settings,
      ...basics(folder, port),
      ...(settings.includes(`ListenAddress ${address}`) ? [] : [`ListenAddress ${address}`]),
      '',
    ].join('\n'),
  )
  const daemon = spawn(program, ['-D', '-e', '-f', at('config')], { stdio: ['ignore', 'ignore', 'pipe'] })
  const { log, stop } = await attend(daemon, { address, port }, folder)
  const hostKey = readFileSync(at('host.pub'), 'utf8').split(' ').slice(0, 2).join(' ')
  writeFileSync(at('known_hosts'), `[${address}]:${port} ${hostKey}\n`)
  return {
    folder,
    port,
    keyFile,
    knownHosts: at('known_hosts'),
    hostKey,
    newKey,
    log,
    target: more => ({ ...targetAt({ address, port }, keyFile, at('known_hosts')), ...more }),
    stop,
  }
}

/** Waits until it listens; `stop` ends it and takes its folder away. */
export async function attend(daemon: ChildProcessByStdio<null, null, Readable>, place: Place, folder: string) {
  let log = ''
  daemon.stderr.on('data', chunk => {
    log += chunk
  })
  const ended = new Promise<void>(resolve => daemon.once('exit', () => resolve()))
  await untilListening(place, () => log)
  const stop = async () => {
    daemon.kill()
    await ended
    rmSync(folder, { recursive: true })
  }
  return { log: () => log, stop }
}

/** This user's login there, as the host `n1`. */
export function targetAt(place: Place, keyFile: string, knownHosts: string): SshTarget {
  return {
    connection: 'ssh',
    host: 'n1',
    ...place,
    user: userInfo().username,
    privateKeyFiles: [keyFile],
    knownHostsFiles: [knownHosts],
    hostKeyChecking: 'strict',
    connectTimeout: 10,
  }
}

function basics(folder: string, port: number): readonly string[] {
  return [
    `Port ${port}`,
    `HostKey ${folder}/host`,
    `PidFile ${folder}/pid`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'LogLevel ERROR',
    // No login files of whoever runs the tests: they may be slow, or print.
    `SetEnv HOME=${folder}`,
  ]
}

interface Place {
  readonly address: string
  readonly port: number
}

async function untilListening(place: Place, log: () => string): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (await answers(place)) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`sshd did not start: ${log()}`)
}

function answers({ address, port }: Place): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, address)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** A port that nobody uses at the moment. */
export async function freePort(): Promise<number> {
  const server = await listen(() => undefined)
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

function listen(caller: (socket: Socket) => void): Promise<Server> {
  return new Promise(resolve => {
    const server = createServer(caller).listen(0, '127.0.0.1', () => resolve(server))
  })
}

/** Something in between, or in place of, sshd. */
export interface Gateway {
  readonly port: number
  /** How many have called. */
  readonly calls: number
  /** How many calls are open. */
  readonly open: number
  /** Pulls the cable: all connections end hard. */
  cut(): void
  /** Nothing goes through any more, and nobody is told. */
  freeze(): void
  stop(): Promise<void>
}

/** Passes everything on to `port`; `first` may keep a call for itself. */
export async function startGateway(port: number, first?: (socket: Socket, call: number) => boolean): Promise<Gateway> {
  const sockets = new Set<Socket>()
  let calls = 0
  let open = 0
  const server = await listen(socket => {
    calls += 1
    open += 1
    socket.on('close', () => {
      open -= 1
    })
    socket.on('error', () => undefined)
    sockets.add(socket)
    if (first?.(socket, calls)) return
    const onward = connect(port, '127.0.0.1')
    onward.on('error', () => undefined)
    sockets.add(onward)
    socket.pipe(onward).pipe(socket)
    socket.on('close', () => onward.destroy())
    onward.on('close', () => socket.destroy())
  })
  return {
    port: (server.address() as { port: number }).port,
    get calls() {
      return calls
    },
    get open() {
      return open
    },
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    freeze: () => {
      for (const socket of sockets) socket.unpipe().pause()
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
