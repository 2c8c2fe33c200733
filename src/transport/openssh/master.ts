import { type ChildProcess, spawn } from 'node:child_process'
import { access, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Talk } from './talk.ts'

/**
 * Runs ssh until it ends or this process does, however that comes: then the input of this script ends. Whichever comes
 * first, nothing is left: no ssh, no socket, no folder.
 */
const tied = `folder=$1; shift
exec 3<&0 </dev/null
"$@" 3<&- & ssh=$!
{ read -r _ <&3; kill $ssh; } 2>/dev/null & end=$!
exec 3<&-
wait $ssh; code=$?
exec 2>/dev/null
kill $end
rm -rf "$folder"
exit $code`

const patience = 2000

/** The one ssh that holds a connection; others start their commands through its socket. */
export class Master {
  readonly talk = new Talk()
  readonly socket: string
  readonly folder: string
  /** Its exit code, once it has ended and all it said has come. Never rejects. */
  readonly exited: Promise<number>
  #over = false
  readonly #child: ChildProcess

  constructor(folder: string, args: readonly string[], environment: { readonly [name: string]: string }) {
    this.folder = folder
    this.socket = socketIn(folder)
    // A session of its own: Ctrl-C comes to pitool alone, and no ssh can ask at the terminal behind its back.
    this.#child = spawn('/bin/sh', ['-c', tied, 'sh', folder, 'ssh', ...args], {
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C', ...environment },
    })
    this.#child.stdin?.on('error', () => undefined)
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.talk.push(text))
    this.exited = exitOf(this.#child).then(code => {
      this.#over = true
      return code
    })
  }

  /** True once it takes commands, false when it has ended instead. */
  async ready(): Promise<boolean> {
    while (!this.#over) {
      if (await isThere(this.socket)) return true
      await pause(10)
    }
    return false
  }

  async end(): Promise<void> {
    this.#child.stdin?.end()
    if (!(await Promise.race([this.exited.then(() => true), pause(patience)]))) this.#kill()
    await rm(this.folder, { recursive: true, force: true })
  }

  #kill(): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL')
    } catch {
      // It has gone meanwhile.
    }
  }
}

export function socketIn(folder: string): string {
  return join(folder, 'master')
}

function exitOf(child: ChildProcess): Promise<number> {
  const closed = new Promise<void>(resolve => child.once('close', () => resolve()))
  return new Promise(resolve => {
    child.once('error', () => resolve(127))
    // What it has started may hold its output for longer.
    child.once('exit', code => void Promise.race([closed, pause(300)]).then(() => resolve(code ?? 255)))
  })
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms).unref())
}
