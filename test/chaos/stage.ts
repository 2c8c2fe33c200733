import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Event } from '../../src/core/event.ts'
import { type LabHost, lab } from '../lab/lab.ts'
import type { RandomPlay } from './plays.ts'

/** How one run of the program went. */
export interface Played {
  readonly code: number | null
  readonly events: readonly Event[]
  readonly stdout: string
  readonly stderr: string
  readonly ms: number
}

export interface Running {
  readonly child: ChildProcess
  /** Resolves once it has told so many events, or has ended. */
  told(events: number): Promise<void>
  readonly done: Promise<Played>
}

/** A project in a folder of its own; JSON is YAML. */
export interface Stage {
  readonly path: string
  write(name: string, content: unknown): void
  remove(): void
}

export function makeStage(): Stage {
  const path = mkdtempSync(join(tmpdir(), 'pitool-chaos-'))
  const write = (name: string, content: unknown) => {
    const file = join(path, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  }
  write('pitool.yml', '{}\n')
  return { path, write, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** A host of the inventory, by whichever way it is reached. */
export interface Way {
  readonly host: LabHost
  readonly address: string
  readonly port: number
  readonly group?: string
}

export function writeInventory(stage: Stage, ways: readonly Way[], more: Readonly<Record<string, unknown>> = {}): void {
  const known = ways.flatMap(({ host, address, port }) => host.hostKeys.map(key => `${named(address, port)} ${key}\n`))
  stage.write('known_hosts', known.join(''))
  const vars = { user: 'pi', private_key_file: lab.keyFile, known_hosts_file: join(stage.path, 'known_hosts') }
  const hosts = Object.fromEntries(ways.map(({ host, address, port }) => [host.name, { host: address, port }]))
  const grouped = ways.flatMap(({ host, group }) => (group ? [[group, { hosts: { [host.name]: {} } }] as const] : []))
  const children = Object.fromEntries(grouped)
  stage.write('inventory/hosts.yml', { all: { vars: { ...vars, ...more }, hosts, children } })
}

function named(address: string, port: number): string {
  return port === 22 ? address : `[${address}]:${port}`
}

export function writePlay(stage: Stage, play: RandomPlay): void {
  for (const [name, content] of play.local) stage.write(`files/${name}`, content)
  for (const [name, content] of play.templates) stage.write(`templates/${name}`, content)
  const { tasks, handlers } = play
  stage.write('site.yml', [{ name: 'Chaos', hosts: 'all', become: true, tasks, handlers }])
}

/** Longer than any connection needs to be given up. */
const patience = 180_000

export interface Begun {
  readonly program: string
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

export function startPlay({ program, cwd, env: more }: Begun, args: readonly string[]): Running {
  const { NO_COLOR: _, FORCE_COLOR: __, SSH_AUTH_SOCK: ___, ...inherited } = process.env
  const began = performance.now()
  const words = [program, 'play', ...args, '--output', 'ndjson', '--wait-lock', '60']
  const options = { cwd, env: { ...inherited, ...more }, timeout: patience, killSignal: 'SIGKILL' } as const
  const child = spawn(process.execPath, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const done = new Promise<Played>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => {
      resolve({ code, events: eventsOf(stdout), stdout, stderr, ms: performance.now() - began })
    })
  })
  const told = (events: number) =>
    new Promise<void>(resolve => {
      const look = () => {
        if (stdout.split('\n').length > events) resolve()
      }
      child.stdout.on('data', look)
      child.once('close', () => resolve())
      look()
    })
  return { child, told, done }
}

function eventsOf(stdout: string): readonly Event[] {
  // The last line of a killed run may be half a line.
  return stdout
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as Event)
}

/** What happened, in few lines. */
export function story({ code, events, stderr }: Played): string {
  const told = events.flatMap(event => {
    if (event.type === 'host.end' && event.status !== 'ok' && event.status !== 'skipped')
      return [`  ${event.status} ${event.task.name}: ${JSON.stringify(event.diagnostic ?? '').slice(0, 400)}`]
    return event.type === 'host.unreachable' || event.type === 'warning'
      ? [`  ${JSON.stringify(event.diagnostic).slice(0, 400)}`]
      : []
  })
  return [`  exit ${code}`, ...told, stderr].join('\n')
}

export function changedTasks({ events }: Played): readonly string[] {
  return events.flatMap(event =>
    event.type === 'host.end' && event.status === 'changed' && event.item === undefined ? [event.task.name] : [],
  )
}
