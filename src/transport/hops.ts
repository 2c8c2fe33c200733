import { Failure } from '../core/diagnostic.ts'
import { cancelled } from './failures.ts'
import { through } from './hop-failure.ts'
import type { Line } from './line.ts'
import type { SshTarget } from './target.ts'

interface Hop<L> {
  readonly line: Promise<L>
  users: number
}

type Dial<L> = (target: SshTarget, signal?: AbortSignal) => Promise<L>

interface Journey {
  readonly target: SshTarget
  readonly via: SshTarget
  readonly signal?: AbortSignal | undefined
}

/** A hop that somebody uses until they release it. */
export interface Leased<L> {
  readonly line: L
  release(): void
}

// Hosts that are visited one after the other share a hop as well.
const linger = 1000

/** The connections to jump hosts: one each, shared by all that is reached through it. */
export class Hops<L extends Line> {
  readonly #dial: Dial<L>
  readonly #open = new Map<string, Hop<L>>()

  constructor(dial: Dial<L>) {
    this.#dial = dial
  }

  /** Begins something over the hop, which is released here only where that fails. Throws an Unreachable that names the hop. */
  async use<T>({ target, via, signal }: Journey, begin: (hop: Leased<L>) => Promise<T>): Promise<T> {
    const key = keyOf(via)
    const hop = this.#lease(key, via, signal)
    const release = () => this.#release(key, hop)
    let line: L
    try {
      line = await hop.line
    } catch (error) {
      release()
      if (signal?.aborted) throw cancelled(target.host)
      throw error instanceof Failure ? through(target, via, error) : error
    }
    try {
      return await begin({ line, release })
    } catch (error) {
      release()
      if (signal?.aborted) throw cancelled(target.host)
      throw error
    }
  }

  #lease(key: string, via: SshTarget, signal?: AbortSignal): Hop<L> {
    const known = this.#open.get(key)
    if (known) {
      known.users += 1
      return known
    }
    const hop: Hop<L> = { line: this.#dial(via, signal), users: 1 }
    const forget = () => {
      if (this.#open.get(key) === hop) this.#open.delete(key)
    }
    this.#open.set(key, hop)
    hop.line.then(line => line.gone.addEventListener('abort', forget, { once: true }), forget)
    return hop
  }

  #release(key: string, hop: Hop<L>): void {
    hop.users -= 1
    if (hop.users > 0) return
    setTimeout(() => {
      if (hop.users > 0) return
      if (this.#open.get(key) === hop) this.#open.delete(key)
      hop.line.then(
        line => line.close(),
        () => undefined,
      )
    }, linger).unref()
  }
}

/** The same machine, entered by the same user in the same way. */
function keyOf(target: SshTarget): string {
  const { address, configName, sshArgs, port, user, privateKeyFiles, hostKeyAlias, knownHostsFiles } = target
  const { hostKeyChecking, proxyCommand, via } = target
  const way = [hostKeyAlias, knownHostsFiles, hostKeyChecking, proxyCommand, via && keyOf(via)]
  return JSON.stringify([address, configName, sshArgs, port, user, privateKeyFiles, ...way])
}
