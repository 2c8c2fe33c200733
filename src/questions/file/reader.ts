/** Takes bytes off the front of an answer; every step fails by returning undefined, never by guessing. */
export class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** The bytes up to the mark, which is taken too. */
  until(mark: Uint8Array): Buffer | undefined {
    const end = this.#bytes.indexOf(mark, this.#at)
    if (end < 0) return undefined
    const part = this.#bytes.subarray(this.#at, end)
    this.#at = end + mark.length
    return part
  }

  /** A text that ends with NUL. */
  field(): string | undefined {
    return this.until(nul)?.toString('utf8')
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#at)
  }
}

const nul = Uint8Array.of(0)
