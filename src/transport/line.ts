import type { Readable, Writable } from 'node:stream'

/** How a command's streams ended. All undefined: its channel closed without a word, so the connection is lost. */
export interface Ending {
  readonly code?: number | undefined
  readonly signal?: string | undefined
  /** It has ended; how will be known only when a child that it left behind lets go of its output. */
  readonly held?: true | undefined
  /** The server did not start it at all. */
  readonly refused?: true | undefined
}

/** A command that was started on a host. Its streams' errors are taken care of. */
export interface Process {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** It has exited; its output may still be under way, or be held open by a child. Never rejects. */
  readonly exited: Promise<Ending>
  /** It has exited and its output has arrived, or was given a moment to. Never rejects. */
  readonly ended: Promise<Ending>
  /** Forgets it. What it runs on the host may go on. */
  destroy(): void
}

/** The server takes no more channels on this connection. */
export class NoChannel extends Error {
  override readonly name = 'NoChannel'
}

/** A way to start commands on one host: an SSH connection, or this machine. */
export interface Line {
  readonly host: string
  /** Who logged in. */
  readonly user: string
  /** Runs shell text by the user's login shell, whatever that is. Throws NoChannel, or Unreachable. */
  start(command: string): Promise<Process>
  /** Aborts, with an Unreachable as its reason, once the connection is gone. */
  readonly gone: AbortSignal
  readonly bytes: { readonly sent: number; readonly received: number }
  /** Ends it; `gone` aborts. */
  close(): Promise<void>
}
