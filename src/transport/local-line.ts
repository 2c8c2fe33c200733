import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { setMaxListeners } from 'node:events'
import { userInfo } from 'node:os'
import { lost } from './failures.ts'
import type { Ending, Line, Process } from './line.ts'
import { untilQuiet } from './until-quiet.ts'

/** This machine, with the same shells as everywhere, only without a network in between. */
export class LocalLine implements Line {
  readonly host: string
  readonly user = userInfo().username
  readonly #gone = new AbortController()
  readonly #running = new Set<Process>()
  #sent = 0
  #received = 0

  constructor(host: string) {
    this.host = host
    setMaxListeners(0, this.#gone.signal)
  }

  get gone(): AbortSignal {
    return this.#gone.signal
  }

  get bytes(): { readonly sent: number; readonly received: number } {
    return { sent: this.#sent, received: this.#received }
  }

  async start(command: string): Promise<Process> {
    if (this.#gone.signal.aborted) throw this.#gone.signal.reason
    // Detached: a session of its own, so that Ctrl-C at the terminal comes to pitool alone.
    const child = spawn('sh', ['-c', command], { detached: true, stdio: 'pipe' })
    const process = localProcess(child)
    this.#count(child)
    this.#running.add(process)
    void process.exited.then(() => this.#running.delete(process))
    return process
  }

  async close(): Promise<void> {
    for (const process of this.#running) process.stdin.end()
    const all = Promise.all([...this.#running].map(process => process.exited))
    await Promise.race([all, new Promise(resolve => setTimeout(resolve, 1000).unref())])
    this.#gone.abort(lost(this.host, 'it was closed'))
  }

  #count(child: ChildProcessWithoutNullStreams): void {
    const received = (chunk: Buffer) => {
      this.#received += chunk.length
    }
    child.stdout.on('data', received)
    child.stderr.on('data', received)
    const write = child.stdin._write.bind(child.stdin)
    child.stdin._write = (chunk: Buffer, encoding, done) => {
      this.#sent += chunk.length
      write(chunk, encoding, done)
    }
  }
}

function localProcess(child: ChildProcessWithoutNullStreams): Process {
  let ending: Ending = {}
  const ignore = () => undefined
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', ignore)
  const closed = new Promise<void>(resolve => child.once('close', () => resolve()))
  const exit = new Promise<void>(resolve => {
    child.once('exit', (code, signal) => {
      ending = code === null ? { signal: signal ?? 'unknown' } : { code }
      resolve()
    })
    child.once('error', error => {
      child.stderr.push(error.message)
      ending = { code: 127 }
      resolve()
    })
  })
  const drained = exit.then(() => untilQuiet([child.stdout, child.stderr]))
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited: exit.then(() => ending),
    ended: Promise.race([closed, drained]).then(() => ending),
    destroy: () => {
      child.stdin.destroy()
      child.stdout.destroy()
      child.stderr.destroy()
    },
  }
}
