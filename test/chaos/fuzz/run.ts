import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { buildSync } from 'esbuild'
import { again } from './fuzz.ts'
import type { Word } from './worker.ts'

export interface Ran {
  readonly ms: number
  /** Bytes held at the end more than after the first tenth. */
  readonly grown: number
  readonly failure?: string | undefined
}

/** Seconds of the processor, or of waiting in vain, without another try: it hangs. A busy machine gives little in a minute. */
const patience = { busy: 60, idle: 600 }
/** What a collector leaves now and then; a leak of ten bytes a try is more in a million. */
const slack = 4 * 1024 * 1024

const root = resolve(import.meta.dirname, '../../..')
// Where its packages are found.
const worker = join(root, 'node_modules', '.cache', `pitool-fuzz-${process.pid}.mjs`)

/** Plain JavaScript starts sooner, and runs faster than what is translated on the way. */
export function buildWorker(): void {
  const entry = join(import.meta.dirname, 'worker.ts')
  const how = { bundle: true, platform: 'node', format: 'esm', packages: 'external' } as const
  buildSync({ ...how, entryPoints: [entry], outfile: worker })
}

export const dropWorker = () => rmSync(worker, { force: true })

/** Tries one target in a process of its own, so that a crash, a hang or a leak is that target's. */
export async function run(name: string, seed: number, tries: number): Promise<Ran> {
  const words = ['--expose-gc', '--max-old-space-size=512', worker]
  const child = spawn(process.execPath, [...words, name, String(seed), String(tries)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let at = 0
  let last: Word | undefined
  let hung: string | undefined
  let since = { at: performance.now(), busy: 0 }
  const look = () => {
    const busy = secondsOf(child.pid) - since.busy
    const idle = (performance.now() - since.at) / 1000
    if (busy < patience.busy && idle < patience.idle) return
    hung = `no other try within ${Math.round(idle)} s, ${Math.round(busy)} s of them at work`
    child.kill('SIGKILL')
  }
  const timer = setInterval(look, 2000)
  createInterface({ input: child.stdout }).on('line', line => {
    last = JSON.parse(line) as Word
    if (last.type === 'at') at = last.tries
    since = { at: performance.now(), busy: secondsOf(child.pid) }
  })
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', code => resolve(code)),
  )
  clearInterval(timer)
  const within = again(name, seed + at, Math.min(tries - at, 100_000))
  if (hung) return { ms: 0, grown: 0, failure: `${within}\n${hung}` }
  if (last?.type === 'failed') return { ms: 0, grown: 0, failure: last.why }
  if (last?.type !== 'end') return { ms: 0, grown: 0, failure: `${within}\nthe process ended with ${code}` }
  const grown = last.late - last.early
  const failure =
    grown > slack ? `${again(name, seed, tries)}\nit holds ${grown} bytes more than in the beginning` : undefined
  return { ms: last.ms, grown, failure }
}

/** Of the processor, with its children that have ended. */
function secondsOf(pid: number | undefined): number {
  try {
    const words = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return words.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100
  } catch {
    return 0
  }
}
