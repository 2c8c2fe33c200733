import type { ChildProcess } from 'node:child_process'
import { setMaxListeners } from 'node:events'
import { lost } from '../failures.ts'
import type { Leased } from '../hops.ts'
import { type Line, NoChannel, type Process } from '../line.ts'
import { ByteCount } from './byte-count.ts'
import { openChannel } from './channel.ts'
import type { Master } from './master.ts'

export interface OpensshHop extends Leased<OpensshLine> {
  /** Its name. */
  readonly host: string
}

/** A connection that the program ssh holds. */
export class OpensshLine implements Line {
  readonly host: string
  readonly user: string
  readonly #master: Master
  readonly #hop: OpensshHop | undefined
  readonly #gone = new AbortController()
  readonly #count = new ByteCount()
  #closed = false

  constructor(who: { readonly host: string; readonly user: string }, master: Master, hop?: OpensshHop) {
    this.host = who.host
    this.user = who.user
    this.#master = master
    this.#hop = hop
    setMaxListeners(0, this.#gone.signal)
    void master.exited.then(() => this.#lose())
  }

  get gone(): AbortSignal {
    return this.#gone.signal
  }

  get bytes(): { readonly sent: number; readonly received: number } {
    return this.#count.now
  }

  /** Where others reach it. */
  get socket(): string {
    return this.#master.socket
  }

  /** Why it could not connect to a place behind it. */
  refusalOf(place: { readonly address: string; readonly port: number }): string | undefined {
    return this.#master.talk.refused.reasonFor(place)
  }

  async start(command: string): Promise<Process> {
    this.gone.throwIfAborted()
    const follow = (child: ChildProcess) => this.#count.follow(child)
    const opened = await openChannel({ master: this.#master, gone: this.gone, follow }, command)
    if ('stdin' in opened) return opened
    if (!opened.refused) await this.#goneSoon()
    this.gone.throwIfAborted()
    throw new NoChannel(opened.said)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#master.end()
    this.#lose()
  }

  /** Who asks the master hears that it has gone a little before we do. */
  async #goneSoon(): Promise<void> {
    await Promise.race([this.#master.exited, new Promise(resolve => setTimeout(resolve, 1000).unref())])
  }

  async #lose(): Promise<void> {
    if (this.gone.aborted) return
    const hop = this.#hop && !this.#closed && (await hasGone(this.#hop))
    if (this.gone.aborted) return
    const why = hop ? `the jump host ${this.#hop?.host} was lost` : this.#master.talk.lastWords
    this.#gone.abort(lost(this.host, this.#closed ? 'it was closed' : why))
    this.#hop?.release()
  }
}

/** A host's connection ends a moment before it is known that its jump host's has. */
async function hasGone({ line }: OpensshHop): Promise<boolean> {
  for (let i = 0; i < 20 && !line.gone.aborted; i++) await new Promise(resolve => setTimeout(resolve, 10))
  return line.gone.aborted
}
