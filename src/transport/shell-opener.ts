import { randomBytes } from 'node:crypto'
import type { Secret } from '../core/secret.ts'
import { type Become, type BecomeMethod, launchCommand, type Words } from './launch.ts'
import type { Line, Process } from './line.ts'
import { OpenShell } from './open-shell.ts'

/** Opens shells on one line as one user. */
export interface ShellOpener {
  readonly line: Line
  /** undefined: whoever logged in. */
  readonly user: string | undefined
  readonly method: BecomeMethod
  readonly becomePassword?: Secret | undefined
  /** For a shell to say hello. */
  readonly seconds: number
}

/** Starts a shell by `start`, which decides about the channel. Throws NoChannel. */
export async function openShell(
  { line, user, method, becomePassword, seconds }: ShellOpener,
  start: (command: string) => Promise<Process>,
): Promise<OpenShell> {
  const words: Words = { greeting: newWord(), prompt: newWord() }
  const password = becomePassword !== undefined
  const become: Become | undefined = user === undefined ? undefined : { user, method, password }
  const process = await start(launchCommand(words, become))
  return new OpenShell(process, line, { words, become, password: become && becomePassword, seconds })
}

function newWord(): string {
  return `pitool-${randomBytes(12).toString('hex')}`
}
