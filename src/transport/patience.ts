/** A deadline that stands still while a human is asked. */
export class Patience {
  #left: number
  #since = 0
  #timer: NodeJS.Timeout | undefined
  #ended = false
  readonly #expire: () => void

  constructor(seconds: number, expire: () => void) {
    this.#left = seconds * 1000
    this.#expire = expire
    this.resume()
  }

  resume(): void {
    if (this.#timer || this.#ended) return
    this.#since = Date.now()
    this.#timer = setTimeout(this.#expire, Math.max(0, this.#left))
  }

  end(): void {
    this.pause()
    this.#ended = true
  }

  pause(): void {
    if (!this.#timer) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#left -= Date.now() - this.#since
  }
}
