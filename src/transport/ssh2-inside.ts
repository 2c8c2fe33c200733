import type { Client, ClientChannel, ParsedKey } from 'ssh2'

type Sign = (data: Buffer, done: (signature: Buffer) => void) => void

/**
 * ssh2's client from within, for what SSH allows and ssh2 does not offer: fewer round trips. Nothing of it is promised
 * by ssh2, so its version is pinned, and tests count the turns that it saves.
 */
export interface Ssh2Inside {
  readonly _protocol: Ssh2Protocol
  /** What the server says that it is; set before anything else is said. */
  readonly _remoteVer: string | undefined
  readonly _chanMgr: {
    /** Called with what came of the opening; gives the channel's number here, or -1. */
    add(opened: Opened): number
  }
}

export interface Ssh2Protocol {
  readonly _handlers: { GLOBAL_REQUEST: GlobalRequest }
  service(name: string): void
  /** Without `sign` it only asks whether the key would do. */
  authPK(user: string, key: ParsedKey, algorithm?: string, sign?: Sign): void
  session(channel: number, window: number, packet: number): void
  exec(channel: number, command: string, wantReply: boolean): void
  requestSuccess(): void
}

export type GlobalRequest = (protocol: Ssh2Protocol, name: string, wantReply: boolean, data: unknown) => void

export type Opened = ((error: Error | undefined, channel: ClientChannel) => void) & { type?: string }

export interface Ssh2Channel {
  subtype: string | undefined
  allowHalfOpen: boolean
  readonly outgoing: { readonly id: number }
  /** Whoever waits for the server's next answer on it. */
  readonly _callbacks: ((refused: Error | boolean) => void)[]
}

/** As ssh2 counts them for every channel. */
export const window = 2 * 1024 * 1024
export const packet = 32 * 1024

export const insideOf = (client: Client): Ssh2Inside => client as unknown as Ssh2Inside

/**
 * OpenSSH takes what is sent ahead of its answers. Of others nobody knows: dropbear closes a channel that waits for its
 * command, and gives up the connection at the command that comes then.
 */
export function takesAhead(client: Client): boolean {
  return /^OpenSSH_/.test(insideOf(client)._remoteVer ?? '')
}

export const insideOfChannel = (channel: ClientChannel): Ssh2Channel => channel as unknown as Ssh2Channel
