import { setMaxListeners } from 'node:events'
import { Socket } from 'node:net'
import type { Client, ClientChannel } from 'ssh2'
import { lost } from './failures.ts'
import { type Line, NoChannel, type Process } from './line.ts'
import { type Done, execSlowly, openSession, type SshSession } from './ssh-session.ts'
import { takesAhead } from './ssh2-inside.ts'
import type { Wire } from './wire.ts'

/** A logged-in SSH connection. */
export class SshLine implements Line {
  readonly host: string
  readonly user: string
  readonly #client: Client
  readonly #wire: Wire
  readonly #gone = new AbortController()
  /** A channel opened ahead, so that the next command waits for nothing; undefined inside: the server has no more. */
  #stored: Promise<SshSession | undefined> | undefined
  #full = false
  #why: string | undefined

  constructor(who: { readonly host: string; readonly user: string }, client: Client, wire: Wire) {
    this.host = who.host
    this.user = who.user
    this.#client = client
    this.#wire = wire
    setMaxListeners(0, this.#gone.signal)
    client.on('error', error => {
      this.#why = error.message
    })
    client.on('close', () => this.#lose())
    client.on('end', () => this.#lose())
  }

  get gone(): AbortSignal {
    return this.#gone.signal
  }

  get bytes(): { readonly sent: number; readonly received: number } {
    return { sent: this.#wire.bytesWritten, received: this.#wire.bytesRead }
  }

  async start(command: string): Promise<Process> {
    if (this.gone.aborted) throw this.gone.reason
    if (!takesAhead(this.#client)) return await this.#open<Process>(done => execSlowly(this.#client, command, done))
    const session = await this.#session()
    return session.exec(command)
  }

  /** The one in store if there is one; another is put there in the same flight. */
  async #session(): Promise<SshSession> {
    const stored = this.#stored
    const session = stored ? stored.then(one => (one?.open ? one : this.#newSession())) : this.#newSession()
    this.#stored = this.#full ? undefined : this.#newSession().catch(() => this.#noMore())
    return await session
  }

  #newSession(): Promise<SshSession> {
    return this.#open<SshSession>(done => openSession(this.#client, done))
  }

  /** What the server refuses once it is not asked for ahead again: it writes that down each time. */
  #noMore(): undefined {
    this.#full = true
    this.#stored = undefined
  }

  /** A channel to another machine, which the host connects to. Throws NoChannel, or Unreachable. */
  async forward(address: string, port: number): Promise<ClientChannel> {
    if (this.gone.aborted) throw this.gone.reason
    return await this.#open<ClientChannel>(done =>
      this.#client.forwardOut('127.0.0.1', 0, address, port, (error, channel) =>
        error ? done(error) : done(undefined, channel),
      ),
    )
  }

  async close(): Promise<void> {
    if (this.gone.aborted) return
    this.#why = 'it was closed'
    const closed = new Promise<void>(resolve => this.#client.once('close', () => resolve()))
    // Nobody waits to hear that a socket's farewell has come; what other wires are made of would lose it.
    const said = new Promise<void>(resolve => this.#wire instanceof Socket && this.#wire.once('finish', resolve))
    this.#client.end()
    await Promise.race([closed, said, new Promise(resolve => setTimeout(resolve, 1000).unref())])
    this.#wire.destroy()
    this.#lose()
  }

  #open<Made>(begin: (done: Done<Made>) => void): Promise<Made> {
    return new Promise((resolve, reject) => {
      const onGone = () => reject(this.gone.reason)
      this.gone.addEventListener('abort', onGone, { once: true })
      const done: Done<Made> = (error: Error | undefined, made?: Made) => {
        this.gone.removeEventListener('abort', onGone)
        if (!error) resolve(made as Made)
        else reject(this.gone.aborted ? this.gone.reason : new NoChannel(error.message, { cause: error }))
      }
      try {
        begin(done)
      } catch (error) {
        // ssh2 throws at once where the socket has ended and its `close` is still to come.
        this.#why ??= (error as Error).message
        this.#lose()
      }
    })
  }

  #lose(): void {
    if (this.gone.aborted) return
    this.#gone.abort(lost(this.host, this.#why))
    this.#wire.destroy()
  }
}
