import type { Section } from '../core/section.ts'
import type { Mark } from './frame-text.ts'
import { type Marked, MarkedOutput } from './marked-output.ts'

/** Reads the answer to one frame from a shell's two outputs, in whatever pieces it arrives. */
export class FrameReader {
  readonly #out: Stream
  readonly #err: Stream

  constructor(mark: Mark, limit: number) {
    this.#out = { output: new MarkedOutput(mark.bytes, limit), pieces: [], ended: false }
    this.#err = { output: new MarkedOutput(mark.bytes, limit), pieces: [], ended: false }
  }

  /** True once both outputs have come to the frame's end. Throws RangeError on garbage. */
  push(from: 'stdout' | 'stderr', chunk: Buffer): boolean {
    const stream = from === 'stdout' ? this.#out : this.#err
    // What comes after the end is the late output of something left in the background.
    if (stream.ended) return false
    for (const piece of stream.output.push(chunk)) {
      if (piece.code === 'end') stream.ended = true
      else if (!stream.ended) stream.pieces.push(piece)
    }
    return this.#out.ended && this.#err.ended
  }

  /** The first mark has come on both outputs. */
  get begun(): boolean {
    return this.#out.pieces.length > 0 && this.#err.pieces.length > 0
  }

  /** Throws RangeError where the two outputs tell different stories. */
  sections(): readonly Section[] {
    if (this.#out.pieces.length !== this.#err.pieces.length) throw new RangeError('the two outputs differ in length')
    return this.#out.pieces.map((out, i) => {
      const err = this.#err.pieces[i] as Marked
      if (err.code !== out.code) throw new RangeError(`the exit codes ${out.code} and ${err.code} for one script`)
      return {
        stdout: out.bytes,
        stderr: err.bytes,
        code: Number(out.code),
        truncated: out.truncated || err.truncated,
      }
    })
  }

  /** The end of what the shell said before it went away. */
  get unfinished(): string {
    const tail = (stream: Stream) => stream.output.unfinished.subarray(-2000).toString('utf8').trim()
    return [tail(this.#err), tail(this.#out)].filter(text => text !== '').join('\n')
  }
}

interface Stream {
  readonly output: MarkedOutput
  readonly pieces: Marked[]
  ended: boolean
}
