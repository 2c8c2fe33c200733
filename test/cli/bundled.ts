import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { bundle } from '../../build.ts'

const root = resolve(import.meta.dirname, '../..')
// Inside the project, so that the package's own files are found from there; no build of the user's is touched.
const folder = join(root, 'node_modules', '.cache', `pitool-test-${process.pid}`)

/** The program as it ships, from the sources as they are. */
export const program = join(folder, 'pitool.js')
export const bundled = () => bundle(folder)
export const unbundle = () => rmSync(folder, { recursive: true, force: true })

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** A signal sent once this is printed, `after` so many milliseconds, and again after as many: what runs is ended. */
  readonly interrupt?: { readonly when: string; readonly signal: NodeJS.Signals; readonly after: number }
  /** Stops reading the output after its first part. */
  readonly hangUp?: boolean
}

/** Runs the program without a terminal, without colours, without an agent. */
export function pitool(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { NO_COLOR: _, FORCE_COLOR: __, SSH_AUTH_SOCK: ___, ...env } = process.env
  // This machine is one host: another test run may be at work on it.
  const patient = args[0] === 'play' ? [...args, '--wait-lock', '30'] : args
  const child = spawn(process.execPath, [program, ...patient], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  })
  let stdout = ''
  let stderr = ''
  let interrupted = false
  child.stdout.on('data', (data: Buffer) => {
    stdout += data
    if (options.hangUp) child.stdout.destroy()
    if (options.interrupt && !interrupted && stdout.includes(options.interrupt.when)) {
      interrupted = true
      for (const times of [1, 2])
        setTimeout(() => child.kill(options.interrupt?.signal), options.interrupt.after * times)
    }
  })
  child.stderr.on('data', (data: Buffer) => (stderr += data))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code, stdout, stderr }))
  })
}

/** A project in a folder of its own. */
export function project(files: Readonly<Record<string, string>>): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'pitool-project-'))
  for (const [name, text] of Object.entries({ 'pitool.yml': '{}\n', ...files })) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), text)
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
