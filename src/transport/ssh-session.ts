import type { Client, ClientChannel } from 'ssh2'
import type { Process } from './line.ts'
import { sshProcess } from './ssh-process.ts'
import { insideOf, insideOfChannel, type Opened, packet, window } from './ssh2-inside.ts'

/** Called once, with what came of it. */
export interface Done<Made> {
  (error: Error): void
  (error: undefined, made: Made): void
}

/** Opens a channel for a command that is told later. */
export function openSession(client: Client, done: Done<SshSession>): void {
  const { _chanMgr, _protocol } = insideOf(client)
  const opened: Opened = (error, channel) => (error ? done(error) : done(undefined, new SshSession(client, channel)))
  opened.type = 'session'
  const id = _chanMgr.add(opened)
  if (id === -1) throw new Error('no channel is free')
  _protocol.session(id, window, packet)
}

/** Opens a channel for this command, step by step: on servers that must not be hurried. */
export function execSlowly(client: Client, command: string, done: Done<Process>): void {
  client.exec(command, (error, channel) => {
    // A command that has ended already says so right behind the channel: it is listened to at once.
    if (error) done(error)
    else done(undefined, sshProcess(channel, Promise.resolve(true)))
  })
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
