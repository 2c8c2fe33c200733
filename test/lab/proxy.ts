/** A TCP proxy on loopback that is slow, stops, or breaks on demand: the lab's bad network. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { DelayLine } from './delay-line.ts'

/** `up` is from the client to the host, `down` the way back. */
export type Direction = 'up' | 'down'

export interface ProxyOptions {
  readonly host: string
  readonly port: number
  /** Round trip in milliseconds: half of it each way. */
  readonly delayMs?: number
  /** The whole of it on the way up: what both say at the same time has an order then. */
  readonly onlyUp?: boolean
  /** Where to listen on loopback; 0 or absent takes a free port. */
  readonly listenPort?: number
}

export interface Proxy {
  readonly port: number
  /** Bytes passed on so far, over all connections. */
  readonly bytes: Readonly<Record<Direction, number>>
  /** Connections open now. */
  readonly connections: number
  /** Connections accepted since the start. */
  readonly accepted: number
  /** Times that a client spoke after the host had: round trips, over all connections. */
  readonly turns: number
  setDelay(delayMs: number): void
  /** Breaks every connection at once, as a reset; new ones are accepted. */
  cut(): void
  /** Breaks every connection once `count` more bytes have passed that way: exactly so many arrive. */
  cutAfterBytes(direction: Direction, count: number): void
  /** Calls this once `count` more bytes have passed that way, before any more do; without it nothing is called. */
  atBytes(direction: Direction, count: number, strike?: () => void): void
  /** Nothing passes any more, but nothing breaks either: a network that went silent. */
  stall(): void
  /** Ends `stall`: what was held back arrives. */
  resume(): void
  /** Stops listening and breaks what is open. */
  close(): Promise<void>
}

interface Pair {
  readonly client: Socket
  readonly host: Socket
  readonly lines: Readonly<Record<Direction, DelayLine>>
  /** Who spoke last. */
  last?: Direction
}

export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const proxy = new SlowProxy(options)
  await proxy.listen(options.listenPort ?? 0)
  return proxy
}

class SlowProxy implements Proxy {
  readonly bytes = { up: 0, down: 0 }
  accepted = 0
  turns = 0
  #delayMs: number
  #stalled = false
  /** Bytes still let through before the cut. */
  readonly #left: Partial<Record<Direction, number>> = {}
  readonly #strikes: Partial<Record<Direction, { left: number; readonly strike: () => void }>> = {}
  readonly #pairs = new Set<Pair>()
  readonly #server: Server
  readonly #target: { readonly host: string; readonly port: number }
  readonly #share: Readonly<Record<Direction, number>>

  constructor(options: ProxyOptions) {
    this.#delayMs = options.delayMs ?? 0
    this.#share = options.onlyUp ? { up: 1, down: 0 } : { up: 0.5, down: 0.5 }
    this.#target = { host: options.host, port: options.port }
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, client => this.#accept(client))
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get connections(): number {
    return this.#pairs.size
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', resolve)
    })
  }

  setDelay(delayMs: number): void {
    this.#delayMs = delayMs
  }

  cut(): void {
    for (const pair of [...this.#pairs]) this.#break(pair)
  }

  cutAfterBytes(direction: Direction, count: number): void {
    if (count <= 0) this.cut()
    else this.#left[direction] = count
  }

  atBytes(direction: Direction, count: number, strike?: () => void): void {
    delete this.#strikes[direction]
    if (strike) this.#strikes[direction] = { left: count, strike }
  }

  stall(): void {
    this.#stalled = true
    for (const pair of this.#pairs) for (const line of Object.values(pair.lines)) line.hold()
  }

  resume(): void {
    this.#stalled = false
    for (const pair of this.#pairs) for (const line of Object.values(pair.lines)) line.release()
  }

  close(): Promise<void> {
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()))
    this.cut()
    return closed
  }

  #accept(client: Socket): void {
    this.accepted += 1
    const host = connect({ ...this.#target, noDelay: true, allowHalfOpen: true })
    const pair: Pair = { client, host, lines: { up: this.#line(host), down: this.#line(client) } }
    this.#pairs.add(pair)
    this.#pass(pair, 'up', client)
    this.#pass(pair, 'down', host)
  }

  #line(to: Socket): DelayLine {
    const line = new DelayLine(to)
    if (this.#stalled) line.hold()
    return line
  }

  #pass(pair: Pair, direction: Direction, from: Socket): void {
    const line = pair.lines[direction]
    const oneWay = () => this.#delayMs * this.#share[direction]
    from.on('data', data => {
      if (direction === 'up' && pair.last !== 'up') this.turns += 1
      pair.last = direction
      line.later(oneWay(), () => this.#deliver(pair, direction, data))
    })
    from.on('end', () => line.later(oneWay(), () => line.to.end()))
    from.on('error', () => this.#break(pair))
    from.on('close', () => {
      if (pair.client.destroyed && pair.host.destroyed) this.#pairs.delete(pair)
    })
    line.slowDown(from)
  }

  #deliver(pair: Pair, direction: Direction, data: Buffer): void {
    const left = this.#left[direction]
    const part = left === undefined ? data : data.subarray(0, left)
    this.bytes[direction] += part.length
    if (left === undefined) {
      for (const piece of this.#struck(direction, part)) pair.lines[direction].to.write(piece)
      return
    }
    this.#left[direction] = left - part.length
    if (left > part.length) pair.lines[direction].to.write(part)
    else this.#lastWords(pair, direction, part)
  }

  /** What is to be sent before and after the strike, which happens in between. */
  *#struck(direction: Direction, part: Buffer): Generator<Buffer> {
    const due = this.#strikes[direction]
    if (due === undefined || due.left > part.length) {
      if (due) due.left -= part.length
      yield part
      return
    }
    delete this.#strikes[direction]
    yield part.subarray(0, due.left)
    due.strike()
    yield part.subarray(due.left)
  }

  /** The last bytes must leave before the break, or a reset would swallow them. */
  #lastWords(pair: Pair, direction: Direction, part: Buffer): void {
    delete this.#left[direction]
    for (const line of Object.values(pair.lines)) line.hold()
    pair.lines[direction].to.end(part, () => this.cut())
  }

  #break(pair: Pair): void {
    this.#pairs.delete(pair)
    for (const line of Object.values(pair.lines)) line.drop()
    for (const socket of [pair.client, pair.host]) {
      if (socket.connecting) socket.destroy()
      else socket.resetAndDestroy()
    }
  }
}
