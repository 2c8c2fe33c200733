/** Steps that happen later, in the order they came in; it can be held and released. */
import type { Socket } from 'node:net'

/** More waiting than this, and the sender is asked to pause. */
const fullBytes = 4 * 1024 * 1024

interface Step {
  readonly due: number
  readonly run: () => void
}

export class DelayLine {
  readonly to: Socket
  #steps: Step[] = []
  #timer: NodeJS.Timeout | undefined
  #held = false

  constructor(to: Socket) {
    this.to = to
  }

  later(delayMs: number, run: () => void): void {
    this.#steps.push({ due: performance.now() + delayMs, run })
    this.#schedule()
  }

  hold(): void {
    this.#held = true
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  release(): void {
    this.#held = false
    this.#schedule()
  }

  drop(): void {
    this.hold()
    this.#steps = []
  }

  /** Passes the receiver's back pressure on to the sender. */
  slowDown(from: Socket): void {
    from.on('data', () => {
      if (this.to.writableLength > fullBytes) from.pause()
    })
    this.to.on('drain', () => from.resume())
  }

  #schedule(): void {
    const next = this.#steps[0]
    if (this.#held || this.#timer !== undefined || next === undefined) return
    const wait = next.due - performance.now()
    if (wait <= 0) this.#runDue()
    else this.#timer = setTimeout(() => this.#runDue(), Math.ceil(wait))
  }

  #runDue(): void {
    this.#timer = undefined
    const now = performance.now()
    while (!this.#held && this.#steps[0] !== undefined && this.#steps[0].due <= now) this.#steps.shift()?.run()
    this.#schedule()
  }
}
