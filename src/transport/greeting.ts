const longest = 4096

/** Waits for the greeting on one output; what a login prints before it is kept only for an error message. */
export class Greeting {
  readonly #word: Buffer
  #seen: Buffer = Buffer.alloc(0)
  #line: string | undefined

  constructor(word: string) {
    this.#word = Buffer.from(word)
  }

  /** The words of the greeting's line after the first; undefined until it has come. */
  get words(): readonly string[] | undefined {
    return this.#line?.trim().split(' ').slice(1)
  }

  /** What was printed instead of, or before, a greeting. */
  get noise(): string {
    return this.#seen.toString('utf8')
  }

  /** What follows the greeting in this chunk. */
  push(chunk: Buffer): Buffer {
    if (this.#line !== undefined) return chunk
    const data = Buffer.concat([this.#seen, chunk])
    const at = data.indexOf(this.#word)
    const newline = at === -1 ? -1 : data.indexOf(10, at)
    if (newline === -1) {
      this.#seen = Buffer.from(data.subarray(Math.max(0, data.length - longest)))
      return Buffer.alloc(0)
    }
    this.#line = data.toString('latin1', at, newline)
    this.#seen = Buffer.from(data.subarray(0, at))
    return data.subarray(newline + 1)
  }
}
