import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmdirSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from './contender.ts'

// With the older hierarchy beside it, the newer one lies here; the lab's hosts have a group of their own in it.
const cgroups = existsSync('/sys/fs/cgroup/unified') ? '/sys/fs/cgroup/unified' : '/sys/fs/cgroup'
const own = join(cgroups, 'pitool-bench')

/** Longer than any contender takes. */
const limitMs = 20 * 60_000

export interface Metered {
  readonly code: number
  readonly ms: number
  /** CPU time of the command and all it started, in milliseconds. */
  readonly cpuMs: number
  readonly stdout: string
}

/** CPU time that a group of processes has had, in milliseconds. */
export function cpuOf(group: string): number {
  const text = readFileSync(join(cgroups, group, 'cpu.stat'), 'utf8')
  return Number(/^usage_usec (\d+)/m.exec(text)?.[1] ?? 0) / 1000
}

/** Runs a command in a cgroup of its own, so that daemons it leaves behind count as well; what it said goes to `log`. */
export async function meter(command: Command, cwd: string, log: string): Promise<Metered> {
  mkdirSync(own, { recursive: true })
  const before = cpuOf('pitool-bench')
  const began = performance.now()
  const code = await run(command, cwd, log)
  const ms = performance.now() - began
  const cpuMs = cpuOf('pitool-bench') - before
  await endLeftovers()
  return { code, ms, cpuMs, stdout: readFileSync(`${log}.out`, 'utf8') }
}

function run({ argv, env }: Command, cwd: string, log: string): Promise<number> {
  const out = openSync(`${log}.out`, 'w')
  const err = openSync(`${log}.err`, 'w')
  const enter = 'echo $$ >"$0/cgroup.procs" && exec "$@"'
  return new Promise<number>((resolve, reject) => {
    const child = spawn('sh', ['-c', enter, own, ...argv], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', out, err],
      timeout: limitMs,
    })
    child.once('error', reject)
    // As a shell has it: 143 was ended by SIGTERM.
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]))
  }).finally(() => {
    closeSync(out)
    closeSync(err)
  })
}

/** Connections kept open for a later run would give that run a head start. */
async function endLeftovers(): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const pids = readFileSync(join(own, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number)
    if (pids.length === 0) break
    for (const pid of pids) end(pid)
    await sleep(20)
  }
  rmdirSync(own)
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM')
  } catch {
    // It ended by itself.
  }
}
