import type { Section } from './section.ts'

/** How long and how much a frame may take. */
export interface FrameOptions {
  /** Ends the remote process group and fails with `timeout`. Seconds. */
  readonly timeout?: number | undefined
  /** Bytes kept of each output of each section; 1 MiB when absent. */
  readonly limit?: number | undefined
  /** Ends what runs. */
  readonly signal?: AbortSignal | undefined
  /** Calls it off as long as it has not begun; what has begun goes on to its end. */
  readonly unlessBegun?: AbortSignal | undefined
  /** Stop at the first section that exits non-zero; the later ones are then missing from the answer. */
  readonly stopOnFailure?: boolean | undefined
}

/** One shell of one user on one host, with all its frames in order. */
export interface Shell {
  /** Runs each script in a subshell of its own, input from /dev/null, in ONE round trip. A lost connection rejects with Unreachable. */
  frame(scripts: readonly string[], options?: FrameOptions): Promise<readonly Section[]>
  /** Another number once its process on the host has gone and the next frame gets a new one: what lived with it is lost. */
  readonly epoch?: number | undefined
  /** Its process on the host, also after it was lost: what it ran may be there still. */
  readonly process?: ShellProcess | undefined
  close(): Promise<void>
}

export interface ShellProcess {
  /** For `kill`: its process group as a negative number, or just itself. */
  readonly target: number
  /** When it was opened, by `performance.now()`. */
  readonly since: number
}

/** Whom a shell belongs to: the login user, or the one become turns into. */
export interface Identity {
  /** undefined: whoever logged in. */
  readonly become?: string | undefined
  readonly method?: 'sudo' | 'su' | 'doas' | undefined
}

export interface OwnShellOptions {
  /** Log in before the first frame, where that needs no password. */
  readonly openNow?: boolean
}

/** An open way to one host. */
export interface Connection {
  readonly host: string
  /** Who logged in. */
  readonly user?: string | undefined
  /** The persistent shell of an identity, opened at its first use. */
  shell(identity: Identity): Promise<Shell>
  /** A shell on a channel of its own, for what may be slow, loud or leave children behind; its caller closes it. */
  ownShell(identity: Identity, options?: OwnShellOptions): Promise<Shell>
  /**
   * Runs one script on a channel of its own with these bytes as its standard input, for what is too big for a frame.
   * A connection cut on the way looks like the end of the input there: the script must count the bytes.
   */
  pour(identity: Identity, script: string, input: AsyncIterable<Uint8Array>, options?: FrameOptions): Promise<Section>
  /** Whether sudo there keeps what a shell of that identity is sent; undefined where that shell is not by sudo. */
  recorded?(identity: Identity): Promise<boolean | undefined>
  /** Frames sent and answered since the connection was made. */
  readonly roundTrips: number
  readonly bytes: { readonly sent: number; readonly received: number }
  /** False once lost or closed. */
  readonly alive: boolean
  close(): Promise<void>
}

/** Opens connections; each call makes a new one, so that a change of the network can be proven over it. */
export interface Dialer {
  dial(host: string, signal?: AbortSignal): Promise<Connection>
}
