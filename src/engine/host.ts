import type { Connection, Dialer, Identity, Shell } from '../core/connection.ts'
import type { Counts, Stood } from '../core/event.ts'
import type { Owed } from '../core/owed.ts'
import { Shadow } from '../core/shadow.ts'
import type { Value } from '../core/value.ts'
import type { VarLayer } from '../playbook/model.ts'
import { Answers } from './answers.ts'
import type { Joined } from './joined.ts'
import { identityKey } from './ledger.ts'
import { Prepared } from './prepared.ts'
import { Rested } from './rested.ts'
import { Given, type Layer } from './scope.ts'

export interface Noted {
  readonly id: string
  readonly identity: Identity
  /** Nobody knows whether it was written: written again with the next change, and counted as owed until then. */
  readonly doubtful?: boolean
}

/** Held as long as the shell lives that took it. */
interface Lock {
  readonly epoch: number | undefined
}

/** Enough for any play: what changes nothing is asked in one frame. */
export const everything = 4096

/** What a run knows of one host: its way in, its registers, its prediction, its tally. */
export class HostState {
  readonly name: string
  readonly shadow = new Shadow()
  readonly answers = new Answers()
  readonly rested = new Rested()
  readonly prepared = new Prepared()
  /** The boot it was found in: two names with one boot are one machine. */
  machine: string | undefined
  /** Done once it is known, and said, whether sudo records what it is sent there. */
  askedForRecord: Promise<void> | undefined
  /** As whom it has been asked for a lock of the dead; undefined: it is left where it is. */
  askedForLock: Set<string> | undefined = new Set()
  /** How many tasks ahead are asked about: one after a change that drops all answers, four times as many after each frame since. */
  window = everything
  readonly registered = new Map<string, Given>()
  readonly included: VarLayer[] = []
  /** The next tasks, as far as their changes rode with those of an earlier one. */
  joined: readonly Joined[] = []
  /** Facts asked so far. */
  readonly facts = new Map<string, Value>()
  /** Handlers notified in this play: address → 'sure' or why it only may be. */
  readonly notified = new Map<string, 'sure' | string>()
  /** Of these, by which task's place an earlier run owes it, where this play has that task. */
  readonly owedBy = new Map<string, string>()
  /** Places of the tasks that notify, and that were come to in this play. */
  readonly passed = new Set<string>()
  readonly counts = { ok: 0, changed: 0, failed: 0, skipped: 0, unknown: 0, rescued: 0, ignored: 0 }
  /** Failed for good in this play: no later task runs here. */
  failed = false
  /** No way in: no later task of the run can run here. */
  unreachable = false
  /** `meta: end_host`. */
  ended = false
  /** The last task it came to, and how that ended. */
  stood: Pick<Stood, 'task' | 'how'> | undefined
  connections = 0
  /** How many questions were put to it, each as often as it was. */
  asked = 0
  /** It has let us in, so that it is worth calling it again. */
  wasConnected = false
  /** Notes of owed handlers that lie on the host: address → the note, and whose it is. */
  readonly marked = new Map<string, Noted>()
  /** Another run was waited for: what it left owing is to be asked. */
  mustRecall = false
  /** As whom it was asked, in this play, what it is owed: each has notes of their own. */
  readonly recalledBy = new Set<string>()
  /** How many tasks that may have noted something were known then. */
  recalledFor = 0
  /** Owed by earlier runs, and not claimed by a play yet. */
  owed: readonly Owed[] = []
  readonly #locks = new Map<string, Lock>()
  readonly #taken = new Map<string, Identity>()
  readonly #shells = new Map<string, Shell>()
  readonly #dialer: Dialer
  readonly #signal: AbortSignal
  readonly #onConnect: ((connection: Connection, ms: number) => void) | undefined
  readonly #retired = { roundTrips: 0, sent: 0, received: 0 }
  #connection: Promise<Connection> | undefined
  /** As long as nobody has heard what came of it. */
  #begun: Promise<Connection> | undefined
  #live: Connection | undefined

  constructor(
    name: string,
    dialer: Dialer,
    signal: AbortSignal,
    onConnect?: (connection: Connection, ms: number) => void,
  ) {
    this.name = name
    this.#onConnect = onConnect
    this.#dialer = dialer
    this.#signal = signal
  }

  /** Whether both names lead to one machine, as far as is known: its boot tells. */
  sameMachine(other: HostState): boolean {
    return this.machine !== undefined && this.machine === other.machine
  }

  /** A handler owed for what has not had its turn yet: it may need what that brings. */
  awaits(address: string): boolean {
    const by = this.owedBy.get(address)
    return by !== undefined && !this.passed.has(by)
  }

  get alive(): boolean {
    return !this.failed && !this.unreachable && !this.ended
  }

  /** The host's connection, made at its first need and after a loss. */
  connect(): Promise<Connection> {
    if (this.#live && !this.#live.alive) this.#retire()
    const begun = this.#begun
    this.#begun = undefined
    if (begun) return begun
    this.#connection ??= this.#dial()
    return this.#connection
  }

  /** Begins to connect, where that is to be done: whoever needs the connection next hears what came of it. */
  approach(): void {
    if (this.#connection || this.#begun) return
    this.#begun = this.#dial()
    this.#connection = this.#begun
    this.#begun.catch(() => undefined)
  }

  async shell(identity: Identity): Promise<Shell> {
    const shell = await (await this.connect()).shell(identity)
    this.#shells.set(identityKey(identity), shell)
    return shell
  }

  /** A second connection, to prove that the host can still be reached; its caller closes it. */
  dialAnew(signal: AbortSignal | undefined): Promise<Connection> {
    this.connections++
    return this.#dialer.dial(this.name, signal)
  }

  /** Forgets the connection, so that the next use makes a new one. */
  async drop(): Promise<void> {
    const live = this.#live
    void this.#begun?.then(unheard => unheard.close()).catch(() => undefined)
    this.#retire()
    await live?.close().catch(() => undefined)
  }

  traffic(): { readonly roundTrips: number; readonly sent: number; readonly received: number } {
    const live = this.#live
    const { roundTrips, sent, received } = this.#retired
    if (!live) return this.#retired
    return {
      roundTrips: roundTrips + live.roundTrips,
      sent: sent + live.bytes.sent,
      received: received + live.bytes.received,
    }
  }

  /** Adds what a second connection did to the tally. */
  tally(connection: Connection): void {
    this.#retired.roundTrips += connection.roundTrips
    this.#retired.sent += connection.bytes.sent
    this.#retired.received += connection.bytes.received
  }

  /** Whether this run has the host's lock, as this identity. */
  holds(identity: string): boolean {
    const lock = this.#locks.get(identity)
    return this.#live?.alive === true && lock !== undefined && lock.epoch === this.#shells.get(identity)?.epoch
  }

  hold(identity: Identity): void {
    const key = identityKey(identity)
    this.#taken.set(key, identity)
    this.#locks.set(key, { epoch: this.#shells.get(key)?.epoch })
  }

  /** Nobody knows whose the lock is: it is given back at the end where it is ours or nobody's, and taken again before. */
  mayHold(identity: Identity): void {
    this.#taken.set(identityKey(identity), identity)
  }

  /** Whose locks are to be given back while there is a connection, also of shells that have gone since. */
  get locks(): readonly Identity[] {
    return this.#live?.alive ? [...this.#taken.values()] : []
  }

  remember(address: string, noted: Noted): void {
    if (this.marked.get(address)?.doubtful !== false) this.marked.set(address, { doubtful: false, ...noted })
  }

  register(name: string, value: Value): void {
    this.registered.set(name, new Given(value))
  }

  layers(): readonly (Layer | VarLayer)[] {
    return [...this.included, { rank: 'registered', vars: this.registered }]
  }

  tallied(): Counts {
    return { ...this.counts, unreachable: this.unreachable }
  }

  async #dial(): Promise<Connection> {
    try {
      this.connections++
      const started = performance.now()
      const connection = await this.#dialer.dial(this.name, this.#signal)
      this.#onConnect?.(connection, Math.round(performance.now() - started))
      this.#live = connection
      this.wasConnected = true
      return connection
    } catch (error) {
      this.#connection = undefined
      throw error
    }
  }

  #retire(): void {
    if (this.#live) this.tally(this.#live)
    this.#live = undefined
    this.#begun = undefined
    this.#connection = undefined
    // It may come back in another boot.
    this.machine = undefined
    this.#locks.clear()
    this.#shells.clear()
    this.answers.drop('all')
  }
}
