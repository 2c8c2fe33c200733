import type { Client, ClientChannel } from 'ssh2'
import type { Process } from './line.ts'
import { sshProcess } from './ssh-process.ts'
import { insideOf, insideOfChannel, type Opened, packet, window } from './ssh2-inside.ts'

/** Opens a channel for a command that is told later; `done` is called as ssh2 calls back. */
export function openSession(client: Client, done: (error: Error | undefined, session: SshSession) => void): void {
  const { _chanMgr, _protocol } = insideOf(client)
  const opened: Opened = (error, channel) => done(error, new SshSession(client, channel))
  opened.type = 'session'
  const id = _chanMgr.add(opened)
  if (id === -1) throw new Error('no channel is free')
  _protocol.session(id, window, packet)
}

/** A channel that waits for its command. */
export class SshSession {
  readonly #client: Client
  readonly #channel: ClientChannel

  constructor(client: Client, channel: ClientChannel) {
    this.#client = client
    this.#channel = channel
  }

  /** The server has not closed it meanwhile. */
  get open(): boolean {
    return this.#channel.writable
  }

  /** Does not wait for the server's consent: what the command is to read can go along with it. */
  exec(command: string): Process {
    const channel = insideOfChannel(this.#channel)
    const consent = new Promise<boolean>(resolve => channel._callbacks.push(refused => resolve(refused === false)))
    channel.subtype = 'exec'
    channel.allowHalfOpen = true
    const process = sshProcess(this.#channel, consent)
    insideOf(this.#client)._protocol.exec(channel.outgoing.id, command, true)
    return process
  }
}
