import { setMaxListeners } from 'node:events'
import { cancelled, failure } from './failures.ts'

/** Why a frame has to be stopped: its time-out or its signal. Dispose of it when the frame is done. */
export class Stop {
  /** Never resolves; rejects with a Failure `timeout` or `cancelled`. */
  readonly order: Promise<never>
  #reject: (error: Error) => void = () => undefined
  #timer: NodeJS.Timeout | undefined
  #error: Error | undefined
  readonly #onAbort: () => void
  readonly #host: string
  readonly #signals: readonly AbortSignal[]

  /** By whichever of the signals comes first. */
  constructor(host: string, ...signals: readonly (AbortSignal | undefined)[]) {
    this.#host = host
    this.#signals = signals.filter(signal => signal !== undefined)
    this.order = new Promise((_, reject) => {
      this.#reject = reject
    })
    this.order.catch(() => undefined)
    this.#onAbort = () => this.#call(cancelled(host))
    if (this.#signals.some(signal => signal.aborted)) this.#onAbort()
    for (const signal of this.#signals) {
      // One signal stops all that a run does on all hosts: many listeners are no leak.
      setMaxListeners(0, signal)
      signal.addEventListener('abort', this.#onAbort, { once: true })
    }
  }

  /** Set once it was called. */
  get error(): Error | undefined {
    return this.#error
  }

  /** Whether it is this that an error came from. */
  called(error: unknown): error is Error {
    return this.#error !== undefined && error === this.#error
  }

  /** Seconds. The time-out counts from here, not from when the frame had to wait its turn. */
  startClock(timeout: number | undefined): void {
    if (timeout === undefined) return
    // A longer time than Node's timers can hold is no time-out at all.
    const ms = Math.min(timeout * 1000, 2 ** 31 - 1)
    this.#timer = setTimeout(() => this.#call(this.#late(timeout)), ms)
  }

  dispose(): void {
    clearTimeout(this.#timer)
    for (const signal of this.#signals) signal.removeEventListener('abort', this.#onAbort)
  }

  #call(error: Error): void {
    this.#error ??= error
    this.#reject(this.#error)
  }

  #late(seconds: number) {
    return failure('timeout', {
      host: this.#host,
      message: `no end within ${seconds} s on ${this.#host}; what ran was ended`,
      hint: "give it more time (the task's `timeout`), or see on the host what it waits for",
    })
  }
}
