/** What came before one mark. */
export interface Marked {
  readonly bytes: Buffer
  readonly truncated: boolean
  /** An exit code, or `end`. */
  readonly code: string
}

// `255\n`, `end\n`: a mark that goes on longer is none of ours.
const longestCode = 8

/** Cuts one stream at its marks while it arrives; keeps `limit` bytes of each piece and forgets the rest. */
export class MarkedOutput {
  readonly #mark: Buffer
  readonly #limit: number
  #rest: Buffer = Buffer.alloc(0)
  #kept: Buffer = Buffer.alloc(0)
  #length = 0
  #truncated = false

  constructor(mark: Buffer, limit: number) {
    this.#mark = mark
    this.#limit = limit
  }

  /** The pieces that this chunk completes. Throws RangeError at a mark without a code. */
  push(chunk: Buffer): readonly Marked[] {
    const pieces: Marked[] = []
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk
    for (let at = data.indexOf(this.#mark); at !== -1; at = data.indexOf(this.#mark)) {
      const from = at + this.#mark.length
      const newline = data.indexOf(10, from)
      if (newline === -1 && data.length - from < longestCode) {
        this.#keep(data.subarray(0, at))
        this.#rest = Buffer.from(data.subarray(at))
        return pieces
      }
      const code = data.toString('latin1', from, newline === -1 ? data.length : newline)
      if (!/^(\d{1,3}|end)$/.test(code)) throw new RangeError(`a mark with the code ${JSON.stringify(code)}`)
      this.#keep(data.subarray(0, at))
      pieces.push(this.#take(code))
      data = data.subarray(newline + 1)
    }
    const tail = Math.min(data.length, this.#mark.length - 1)
    this.#keep(data.subarray(0, data.length - tail))
    this.#rest = Buffer.from(data.subarray(data.length - tail))
    return pieces
  }

  /** What has come since the last mark, for an error message. */
  get unfinished(): Buffer {
    return Buffer.concat([this.#kept.subarray(0, this.#length), this.#rest])
  }

  #take(code: string): Marked {
    const bytes = Buffer.from(this.#kept.subarray(0, this.#length))
    const marked = { bytes, truncated: this.#truncated, code }
    this.#length = 0
    this.#truncated = false
    return marked
  }

  #keep(bytes: Buffer): void {
    const room = this.#limit - this.#length
    if (bytes.length > room) this.#truncated = true
    const part = bytes.length > room ? bytes.subarray(0, room) : bytes
    if (part.length === 0) return
    this.#grow(this.#length + part.length)
    part.copy(this.#kept, this.#length)
    this.#length += part.length
  }

  #grow(length: number): void {
    if (length <= this.#kept.length) return
    const larger = Buffer.alloc(Math.min(this.#limit, Math.max(length, this.#kept.length * 2, 1024)))
    this.#kept.copy(larger, 0, 0, this.#length)
    this.#kept = larger
  }
}
