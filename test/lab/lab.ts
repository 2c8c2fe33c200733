/** The lab for tests: real hosts, driven through `test/lab/lab`. See README.md beside it. */
import { spawn, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const program = join(import.meta.dirname, 'lab')

export interface LabHost {
  readonly name: string
  readonly address: string
  readonly port: number
  readonly user: string
  readonly suite: string
  /** The host's file system, seen from here: overlay of image, identity and `upper`. */
  readonly root: string
  readonly upper: string
  /** Its PID 1 as seen from here; changes at every boot, null when it's off. */
  readonly pid: number | null
  /** Public host keys, as "type base64". */
  readonly hostKeys: readonly string[]
}

export interface UpOptions {
  readonly names?: readonly string[]
  readonly suite?: string
  /** sudo asks for pi's password. */
  readonly sudoPassword?: boolean
  /** false: only the password opens the door. */
  readonly key?: boolean
}

export interface Ran {
  /** 128 and more: ended by a signal. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export const piPassword = 'raspberry'

export const lab = {
  state: stateFolder(),
  /** The private key that opens every host for pi. */
  keyFile: join(stateFolder(), 'key'),
  knownHostsFile: join(stateFolder(), 'known_hosts'),

  /** Boots what isn't up yet; returns the hosts asked for, in order. */
  async up(count: number, options: UpOptions = {}): Promise<readonly LabHost[]> {
    await must('up', String(count), ...upArguments(options))
    const names = options.names ?? []
    const wanted = Array.from({ length: Math.max(count, names.length) }, (_, i) => names[i] ?? `h${i + 1}`)
    return Promise.all(wanted.map(name => lab.host(name)))
  },
  /** Without names: everything. */
  down: (names: readonly string[] = []) => must('down', ...names),
  /** Back to the fresh state: same keys, same address. */
  reset: (names: readonly string[]) => must('reset', ...names),
  reboot: (...names: string[]) => must('reboot', ...names),
  /** Pulls the plug. */
  stop: (...names: string[]) => must('stop', ...names),
  start: (...names: string[]) => must('start', ...names),
  /** Pulls the network cable. */
  cut: (...names: string[]) => must('cut', ...names),
  uncut: (...names: string[]) => must('uncut', ...names),
  guard: () => must('guard'),
  unguard: () => must('unguard'),

  /** A shell as root there, as words for `spawn`; they hold the number of this lab, since an environment may be cut. */
  shell: (host: string): readonly string[] => [
    'env',
    `PITOOL_LAB_ID=${process.env.PITOOL_LAB_ID ?? ''}`,
    join(import.meta.dirname, 'lab'),
    'exec',
    host,
    'sh',
  ],

  /** Runs a script in the host's sh, as root and past its network. */
  exec: (host: string, script: string, input?: string): Promise<Ran> => run(['exec', host, 'sh', '-c', script], input),

  /** The host's state as keys and values, without what l1-ignore.txt lists (all: with it). */
  async snapshot(host: string, options: { readonly all?: boolean } = {}): Promise<Map<string, string>> {
    return snapshotOf(await must('snapshot', ...(options.all === true ? ['--all'] : []), host))
  },

  async hosts(): Promise<readonly LabHost[]> {
    return JSON.parse(await readFile(join(stateFolder(), 'hosts.json'), 'utf8')) as LabHost[]
  },
  async host(name: string): Promise<LabHost> {
    const found = (await lab.hosts()).find(host => host.name === name)
    if (found === undefined) throw new Error(`the lab has no host '${name}'`)
    return found
  },
}

/** true, or why the lab can't run here. */
export function labAvailable(): true | string {
  if (process.platform !== 'linux') return 'the lab needs Linux'
  if (process.getuid?.() !== 0) return 'the lab needs root'
  const check = spawnSync(program, ['check'], { encoding: 'utf8' })
  const reason = `${check.stdout ?? ''}${check.error?.message ?? ''}`.trim()
  if (check.status === 0 && reason === '') return true
  return `the lab can't run here: ${reason || check.stderr.trim()}`
}

/** known_hosts lines for a host behind another address, such as a proxy's. */
export function knownHostsLines(host: LabHost, address: string, port: number): string {
  const name = port === 22 ? address : `[${address}]:${port}`
  return host.hostKeys.map(key => `${name} ${key}\n`).join('')
}

/** Lines that differ, as "- KEY VALUE" and "+ KEY VALUE"; empty when nothing changed. */
export function snapshotDiff(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])]
    .filter(key => before.get(key) !== after.get(key))
    .sort()
  return keys.flatMap(key => [...shown('-', key, before.get(key)), ...shown('+', key, after.get(key))])
}

function shown(sign: string, key: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${sign} ${key} ${value}`]
}

function snapshotOf(text: string): Map<string, string> {
  const state = new Map<string, string>()
  for (const line of text.split('\n').filter(Boolean)) {
    const tab = line.indexOf('\t')
    const key = line.slice(0, tab)
    const value = line.slice(tab + 1)
    // Mounts may lie on one another.
    const earlier = state.get(key)
    state.set(key, earlier === undefined ? value : `${earlier} + ${value}`)
  }
  return state
}

function upArguments(options: UpOptions): string[] {
  return [
    ...(options.names ? ['--names', options.names.join(',')] : []),
    ...(options.suite ? ['--suite', options.suite] : []),
    ...(options.sudoPassword === true ? ['--sudo-password'] : []),
    ...(options.key === false ? ['--no-key'] : []),
  ]
}

function stateFolder(): string {
  const id = process.env.PITOOL_LAB_ID ?? '0'
  return process.env.PITOOL_LAB_STATE ?? (id === '0' ? '/run/pitool-lab' : `/run/pitool-lab-${id}`)
}

async function must(...args: string[]): Promise<string> {
  const ran = await run(args)
  if (ran.code !== 0) throw new Error(`lab ${args.join(' ')}: exit code ${ran.code}\n${ran.stderr}`)
  return ran.stdout
}

function run(args: readonly string[], input?: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout?.on('data', (data: Buffer) => out.push(data))
    child.stderr?.on('data', (data: Buffer) => err.push(data))
    child.once('error', reject)
    child.once('close', code => resolve({ code: code ?? 128, stdout: text(out), stderr: text(err) }))
    // A command that ends without reading its input is no mistake of ours.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8')
}
