import { noSession } from './failures.ts'
import { Gate } from './gate.ts'
import { type Line, NoChannel, type Process } from './line.ts'

// sshd's MaxSessions is 10 by default; one is kept free for whoever has to end what another one runs.
const most = 8
const kept = 1

/** How often to ask for a channel again while none of ours is open, and how long to wait in between. */
const patience = 20
const soon = (resolve: () => void) => setTimeout(resolve, 100)

/** Hands out the channels of one line: never more at a time than the server takes; the others wait their turn. */
export class Channels {
  readonly #line: Line
  readonly #gate = new Gate(most)
  readonly #reserve = new Gate(kept)
  readonly #open = new Set<Process>()
  readonly #spare: () => void
  #opened = false

  /** `spare` ends a shell that is idle, if there is one, to make room on a server that takes fewer channels. */
  constructor(line: Line, spare: () => void) {
    this.#line = line
    this.#spare = spare
  }

  async start(command: string): Promise<Process> {
    await this.#gate.enter()
    try {
      return this.#track(await this.#startWhenFree(command), this.#gate)
    } catch (error) {
      this.#gate.leave()
      throw error
    }
  }

  /** For ending other shells: does not wait for them. Throws NoChannel where the server has no room. */
  async startReserved(command: string): Promise<Process> {
    await this.#reserve.enter()
    try {
      return this.#track(await this.#line.start(command), this.#reserve)
    } catch (error) {
      this.#reserve.leave()
      throw error
    }
  }

  async #startWhenFree(command: string): Promise<Process> {
    for (let refused = 0; ; refused++) {
      try {
        return await this.#line.start(command)
      } catch (error) {
        if (!(error instanceof NoChannel)) throw error
        this.#spare()
        // A server counts a session until it has fetched its dead child, a moment after we see it end.
        if (this.#open.size === 0 && (!this.#opened || refused >= patience)) throw noSession(this.#line, error.message)
        await Promise.race([...[...this.#open].map(process => process.ended), new Promise<void>(soon)])
        if (this.#open.size > 0) refused = 0
      }
    }
  }

  #track(process: Process, gate: Gate): Process {
    this.#opened = true
    this.#open.add(process)
    void process.ended.then(() => {
      process.destroy()
      this.#open.delete(process)
      gate.leave()
    })
    return process
  }
}
