/**
 * Watches all processes of this machine and of its lab hosts: their arguments and environments, as anybody there could.
 * Run on its own, so that nothing slows it down:  process-watch.ts OUT
 * Writes what it saw, a JSON line each, when it is told to end (SIGTERM).
 */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

export interface SeenProcess {
  readonly cmdline: string
  readonly environ: string
  /** It belongs to k3s' own units, which are given their token by systemd. */
  readonly k3s: boolean
}

export interface Watch {
  end(): Promise<readonly SeenProcess[]>
}

/** Starts to watch; resolves once it does. */
export async function watchProcesses(): Promise<Watch> {
  const out = join(tmpdir(), `pitool-watch-${process.pid}-${Date.now()}`)
  const child = spawn(process.execPath, ['--import', 'tsx', import.meta.filename, out], {
    cwd: join(import.meta.dirname, '../../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`process-watch ended with ${code}`)))
  })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  return {
    async end() {
      child.kill('SIGTERM')
      await ended
      const lines = readFileSync(out, 'utf8').split('\n').filter(Boolean)
      rmSync(out)
      return lines.map(line => JSON.parse(line) as SeenProcess)
    },
  }
}

async function watch(out: string): Promise<void> {
  const seen = new Map<string, SeenProcess>()
  const born = new Map<string, number>()
  let ending = false
  process.once('SIGTERM', () => (ending = true))
  process.stdout.write('watching\n')
  for (let round = 0; !ending; round++) {
    const pids = readdirSync('/proc').filter(name => /^\d/.test(name))
    for (const pid of pids) {
      if (!born.has(pid)) born.set(pid, round)
      // The young may still become another program; the old are looked at now and then, so that no young one is missed.
      if (round - born.get(pid)! < 50 || round % 50 === 0) note(seen, pid)
    }
    if (round % 500 === 0) for (const pid of born.keys()) if (!pids.includes(pid)) born.delete(pid)
    await turn()
  }
  writeFileSync(out, [...seen.values()].map(one => JSON.stringify(one)).join('\n'), { mode: 0o600 })
}

function note(seen: Map<string, SeenProcess>, pid: string): void {
  const cmdline = read(pid, 'cmdline')
  const environ = read(pid, 'environ')
  const key = `${cmdline}\0${environ}`
  if (cmdline === '' || seen.has(key)) return
  seen.set(key, { cmdline, environ, k3s: /\/k3s(-agent)?\.service/.test(read(pid, 'cgroup')) })
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await watch(process.argv[2]!)
}
