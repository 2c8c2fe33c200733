import { setMaxListeners } from 'node:events'
import type { Client, ClientChannel } from 'ssh2'
import { lost } from './failures.ts'
import { type Line, NoChannel, type Process } from './line.ts'
import { sshProcess } from './ssh-process.ts'
import type { Wire } from './wire.ts'

type Done = (error: Error | undefined, channel: ClientChannel) => void

/** A logged-in SSH connection. */
export class SshLine implements Line {
  readonly host: string
  readonly user: string
  readonly #client: Client
  readonly #wire: Wire
  readonly #gone = new AbortController()
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
    return await this.#open(done => this.#client.exec(command, done), sshProcess)
  }

  /** A channel to another machine, which the host connects to. Throws NoChannel, or Unreachable. */
  async forward(address: string, port: number): Promise<ClientChannel> {
    if (this.gone.aborted) throw this.gone.reason
    return await this.#open(
      done => this.#client.forwardOut('127.0.0.1', 0, address, port, done),
      channel => channel,
    )
  }

  async close(): Promise<void> {
    if (this.gone.aborted) return
    this.#why = 'it was closed'
    const closed = new Promise<void>(resolve => this.#client.once('close', () => resolve()))
    this.#client.end()
    await Promise.race([closed, new Promise(resolve => setTimeout(resolve, 1000).unref())])
    this.#wire.destroy()
    this.#lose()
  }

  /** `made` is called at once: a command that has ended already says so right behind the channel's opening. */
  #open<Made>(begin: (done: Done) => void, made: (channel: ClientChannel) => Made): Promise<Made> {
    return new Promise((resolve, reject) => {
      const onGone = () => reject(this.gone.reason)
      this.gone.addEventListener('abort', onGone, { once: true })
      const done: Done = (error, channel) => {
        this.gone.removeEventListener('abort', onGone)
        if (!error) resolve(made(channel))
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
