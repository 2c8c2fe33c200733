import type { FrameOptions, Shell, ShellProcess } from '../core/connection.ts'
import { Failure } from '../core/diagnostic.ts'
import type { Section } from '../core/section.ts'
import { cancelled } from './failures.ts'
import type { OpenShell } from './open-shell.ts'
import { Stop } from './stop.ts'

const mebibyte = 1024 * 1024

type Work = (shell: OpenShell) => Promise<readonly Section[]>

interface Job {
  readonly work: Work
  readonly timeout: number | undefined
  began: boolean
}

/** What a shell needs of its connection. */
export interface ShellHost {
  readonly host: string
  open(): Promise<OpenShell>
  /** Ends what it runs; true when all of it is gone. */
  end(shell: OpenShell): Promise<boolean>
  answered(): void
}

/**
 * The shell that callers hold: its frames go one after the other, and where its channel has died (a time-out, a
 * reboot of sh), the next frame opens another.
 */
export class QueuedShell implements Shell {
  readonly #host: ShellHost
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #open: OpenShell | undefined
  #opened = 0
  #closed = false
  readonly #closing = new AbortController()

  constructor(host: ShellHost) {
    this.#host = host
  }

  /** Nothing runs or waits in it. */
  get idle(): boolean {
    return this.#waiting === 0
  }

  get epoch(): number {
    const alive = this.#open !== undefined && !this.#open.broken
    return alive || this.#opened === 0 ? this.#opened : this.#opened + 1
  }

  get process(): ShellProcess | undefined {
    const target = this.#open?.killable
    return this.#open && target !== undefined ? { target, since: this.#open.since } : undefined
  }

  /** Brings its channel up. Where that fails, the first frame tries anew, and says why. */
  openNow(): void {
    this.#last = this.#last.then(() => this.#use()).catch(() => undefined)
  }

  frame(scripts: readonly string[], options: FrameOptions = {}): Promise<readonly Section[]> {
    const { limit = mebibyte, stopOnFailure = false } = options
    if (scripts.length === 0) return Promise.resolve([])
    return this.#enqueue(options, shell => shell.frame(scripts, limit, stopOnFailure))
  }

  async pour(script: string, input: AsyncIterable<Uint8Array>, options: FrameOptions = {}): Promise<Section> {
    const sections = await this.#enqueue(options, shell => shell.pour(script, input, options.limit ?? mebibyte))
    return sections[0] as Section
  }

  /** Ends its channel while nothing runs; the next frame opens another. */
  rest(): OpenShell | undefined {
    const shell = this.#open
    if (!this.idle || !shell || shell.broken) return undefined
    this.#open = undefined
    shell.end()
    return shell
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#closing.abort()
    await this.#last
    const shell = this.rest()
    if (!shell) return
    await Promise.race([shell.process.exited, new Promise(resolve => setTimeout(resolve, 2000).unref())])
    shell.process.destroy()
  }

  async #enqueue(options: FrameOptions, work: Work): Promise<readonly Section[]> {
    const job: Job = { work, timeout: options.timeout, began: false }
    const stop = new Stop(this.#host.host, options.signal, this.#closing.signal)
    const off = new Stop(this.#host.host, options.unlessBegun)
    this.#waiting += 1
    const turn = this.#last.then(() => this.#run(job, stop, off))
    this.#last = turn
      .catch(() => undefined)
      .then(() => {
        this.#waiting -= 1
        stop.dispose()
        off.dispose()
      })
    // What is called off while it waits need not wait for its turn; what runs is ended first.
    const early = Promise.race([stop.order, off.order]).catch(error => (job.began ? turn : Promise.reject(error)))
    return await Promise.race([turn, early])
  }

  async #run(job: Job, stop: Stop, off: Stop): Promise<readonly Section[]> {
    const calledOff = () => stop.error ?? off.error
    if (calledOff()) throw calledOff()
    const shell = await this.#use()
    if (calledOff()) throw calledOff()
    job.began = true
    stop.startClock(job.timeout)
    try {
      const sections = await Promise.race([job.work(shell), stop.order])
      this.#host.answered()
      return sections
    } catch (error) {
      if (stop.called(error) && !shell.broken) throw await this.#stopped(shell, error)
      throw error
    }
  }

  async #use(): Promise<OpenShell> {
    if (this.#open && !this.#open.broken) return this.#open
    if (this.#closed) throw cancelled(this.#host.host)
    this.#open = await this.#host.open()
    this.#opened += 1
    return this.#open
  }

  async #stopped(shell: OpenShell, error: Error): Promise<Error> {
    const gone = await this.#host.end(shell).catch(() => false)
    shell.abandon(error)
    if (gone || !(error instanceof Failure)) return error
    return new Failure({ ...error.diagnostic, cause: 'not all of what ran could be ended; it may still be running' })
  }
}
