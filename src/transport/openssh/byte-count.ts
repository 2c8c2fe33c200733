import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'

/** What went through the streams of all channels of a connection. */
export class ByteCount {
  readonly #open = new Set<ChildProcess>()
  #sent = 0
  #received = 0

  get now(): { readonly sent: number; readonly received: number } {
    const counts = [...this.#open].map(countOf)
    return {
      sent: counts.reduce((sum, { sent }) => sum + sent, this.#sent),
      received: counts.reduce((sum, { received }) => sum + received, this.#received),
    }
  }

  follow(child: ChildProcess): void {
    this.#open.add(child)
    child.once('close', () => {
      const { sent, received } = countOf(child)
      this.#open.delete(child)
      this.#sent += sent
      this.#received += received
    })
  }
}

function countOf({ stdin, stdout, stderr }: ChildProcess) {
  const read = [stdout, stderr].map(stream => (stream as Socket | null)?.bytesRead ?? 0)
  const sent = (stdin as Socket | null)?.bytesWritten ?? 0
  return { sent, received: read.reduce((sum, bytes) => sum + bytes, 0) }
}
