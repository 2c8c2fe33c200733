import type { Connection, FrameOptions, Identity, OwnShellOptions, Shell } from '../core/connection.ts'
import { reveal } from '../core/secret.ts'
import { outText, type Section } from '../core/section.ts'
import { Channels } from './channels.ts'
import { endGroup } from './end-group.ts'
import type { BecomeMethod } from './launch.ts'
import { type Line, NoChannel } from './line.ts'
import type { OpenShell } from './open-shell.ts'
import { QueuedShell } from './queued-shell.ts'
import { openShell, type ShellOpener } from './shell-opener.ts'
import { listOwnRights, listRights, recordsInput } from './sudo-record.ts'
import type { Target } from './target.ts'

/** The shells of one line. */
export class OpenConnection implements Connection {
  readonly host: string
  readonly #line: Line
  readonly #target: Target
  readonly #redial: () => Promise<Line>
  readonly #channels: Channels
  /** By method and user; '' is whoever logged in. */
  readonly #shells = new Map<string, QueuedShell>()
  readonly #own = new Set<QueuedShell>()
  #roundTrips = 0

  /** `redial` makes a second line, for ending what runs where the first takes no more channels. */
  constructor(line: Line, target: Target, redial: () => Promise<Line>) {
    this.host = target.host
    this.#line = line
    this.#target = target
    this.#redial = redial
    this.#channels = new Channels(line, () => this.#spare())
  }

  get user(): string {
    return this.#line.user
  }

  get roundTrips(): number {
    return this.#roundTrips
  }

  get bytes(): { readonly sent: number; readonly received: number } {
    return this.#line.bytes
  }

  get alive(): boolean {
    return !this.#line.gone.aborted
  }

  async shell(identity: Identity): Promise<Shell> {
    this.#line.gone.throwIfAborted()
    const key = this.#key(identity)
    const known = this.#shells.get(key)
    if (known) return known
    const shell = this.#newShell(identity)
    this.#shells.set(key, shell)
    return shell
  }

  async ownShell(identity: Identity, { openNow = false }: OwnShellOptions = {}): Promise<Shell> {
    this.#line.gone.throwIfAborted()
    const shell = this.#newShell(identity)
    this.#own.add(shell)
    // A wrong password must not be tried twice, and only sudo can be told to ask for none.
    if (openNow && (this.#user(identity) === undefined || this.#unasked(identity))) shell.openNow()
    return {
      frame: (scripts, options) => shell.frame(scripts, options),
      get process() {
        return shell.process
      },
      close: async () => {
        this.#own.delete(shell)
        await shell.close()
      },
    }
  }

  async recorded(identity: Identity): Promise<boolean | undefined> {
    const user = this.#user(identity)
    if (user === undefined || this.#method(identity) !== 'sudo') return undefined
    const listing = user === 'root' ? await this.#rightsByRoot(identity) : await this.#ownRights(identity)
    return recordsInput(outText(listing))
  }

  async #rightsByRoot(identity: Identity): Promise<Section> {
    const [section] = await (await this.shell(identity)).frame([listRights], { timeout: 20 })
    return section!
  }

  /** Once the shell of that identity is there: the password is right then, and a wrong one is not tried twice. */
  async #ownRights(identity: Identity): Promise<Section> {
    await (await this.shell(identity)).frame([':'], { timeout: 20 })
    const { becomePassword } = this.#target
    const line = Buffer.from(becomePassword ? `${reveal(becomePassword)}\n` : '')
    return this.pour({}, listOwnRights(becomePassword !== undefined), one(line), { timeout: 20 })
  }

  async pour(
    identity: Identity,
    script: string,
    input: AsyncIterable<Uint8Array>,
    options?: FrameOptions,
  ): Promise<Section> {
    this.#line.gone.throwIfAborted()
    const shell = this.#newShell(identity)
    this.#own.add(shell)
    try {
      return await shell.pour(script, input, options)
    } finally {
      this.#own.delete(shell)
      void shell.close()
    }
  }

  async close(): Promise<void> {
    const shells = [...this.#shells.values(), ...this.#own]
    const busy = shells.filter(shell => !shell.idle)
    // Idle ones end by themselves with their input, which closing the line ends as well: no need to wait for each.
    for (const shell of shells) if (shell.idle) shell.rest()
    await Promise.all(busy.map(shell => shell.close()))
    await this.#line.close()
  }

  #user({ become }: Identity): string | undefined {
    return become === this.#line.user ? undefined : become
  }

  #method({ method }: Identity): BecomeMethod {
    return method ?? this.#target.becomeMethod ?? 'sudo'
  }

  #unasked(identity: Identity): boolean {
    return this.#method(identity) === 'sudo' && this.#target.becomePassword === undefined
  }

  #key(identity: Identity): string {
    const user = this.#user(identity)
    return user === undefined ? '' : `${this.#method(identity)} ${user}`
  }

  #newShell(identity: Identity): QueuedShell {
    const { becomePassword, connectTimeout: seconds } = this.#target
    const who = { user: this.#user(identity), method: this.#method(identity) }
    const opener = { line: this.#line, ...who, becomePassword, seconds }
    return new QueuedShell({
      host: this.host,
      open: () => openShell(opener, command => this.#channels.start(command)),
      end: shell => this.#end(shell, opener),
      answered: () => {
        this.#roundTrips += 1
      },
    })
  }

  async #end(shell: OpenShell, opener: ShellOpener): Promise<boolean> {
    // On a line that has gone dead without a word nothing can be ended, and nothing must be waited for.
    const seconds = opener.seconds + 5
    const late = new Promise<boolean>(resolve => setTimeout(() => resolve(false), seconds * 1000).unref())
    return this.alive && (await Promise.race([this.#endBy(shell, opener), late]))
  }

  async #endBy(shell: OpenShell, opener: ShellOpener): Promise<boolean> {
    try {
      return await endGroup(shell, () => openShell(opener, command => this.#channels.startReserved(command)))
    } catch (error) {
      if (!(error instanceof NoChannel)) throw error
    }
    const line = await this.#redial()
    try {
      return await endGroup(shell, () => openShell({ ...opener, line }, command => line.start(command)))
    } finally {
      await line.close()
    }
  }

  #spare(): void {
    for (const shell of [...this.#shells.values(), ...this.#own]) shell.rest()
  }
}

async function* one(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk
}
