import { Duplex, type Readable, type Writable } from 'node:stream'

/** What an SSH connection runs over: TCP, a channel through another host, or the streams of a command. */
export interface Wire extends Duplex {
  readonly bytesRead: number
  readonly bytesWritten: number
}

interface Ends {
  readonly readable: Readable
  readonly writable: Writable
  /** Called once, when nobody needs them any more. */
  release(): void
  /** Where a failed write only shows what is about to be told better: its maker ends the wire. */
  broken?(error: Error): void
}

/** Two streams as one wire. Their end is left to its maker: `finish` where all is read, `destroy` where it broke. */
export class StreamWire extends Duplex implements Wire {
  bytesRead = 0
  bytesWritten = 0
  readonly #ends: Ends

  constructor(ends: Ends) {
    super()
    this.#ends = ends
    ends.readable.on('data', (chunk: Buffer) => {
      this.bytesRead += chunk.length
      if (!this.push(chunk)) ends.readable.pause()
    })
    ends.readable.pause()
    ends.readable.on('error', () => undefined)
    ends.writable.on('error', error => this.#broke(error))
  }

  finish(): void {
    this.once('end', () => this.destroy())
    this.push(null)
  }

  override _read(): void {
    this.#ends.readable.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.bytesWritten += chunk.length
    this.#ends.writable.write(chunk, error => (error ? this.#broke(error) : done()))
  }

  #broke(error: Error): void {
    if (this.#ends.broken) this.#ends.broken(error)
    else this.destroy(error)
  }

  override _final(done: () => void): void {
    this.#ends.writable.end()
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#ends.release()
    done(error)
  }
}
