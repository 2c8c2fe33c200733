import { Unreachable } from '../core/diagnostic.ts'
import { unreachable } from './failures.ts'
import { hostKeyAlgorithms, judgeKey, refusal, shownKey } from './host-key.ts'
import type { KnownHost } from './known-hosts.ts'
import { knownHostsFiles, readKnownHosts, rememberNewKey } from './known-hosts-file.ts'
import type { SshTarget } from './target.ts'

/** Compares the key one server shows with what is known, and remembers a new one where that is wished. */
export class HostKeyCheck {
  readonly #target: SshTarget
  readonly #entries: readonly KnownHost[]
  #accepted: Buffer | undefined
  #refused: Unreachable | undefined

  private constructor(target: SshTarget, entries: readonly KnownHost[]) {
    this.#target = target
    this.#entries = entries
  }

  static async of(target: SshTarget): Promise<HostKeyCheck> {
    try {
      return new HostKeyCheck(target, await readKnownHosts(knownHostsFiles(target)))
    } catch (error) {
      const { message } = error as Error
      throw unreachable('host-key-unknown', {
        host: target.host,
        message: `the known host keys cannot be read, so that ${target.host} cannot be told from another`,
        cause: message,
        hint: 'make the file readable, or name another by known_hosts_file',
      })
    }
  }

  get algorithms(): readonly string[] {
    return hostKeyAlgorithms(this.#entries, this.#target)
  }

  get refused(): Unreachable | undefined {
    return this.#refused
  }

  accepts(key: Buffer): boolean {
    const shown = shownKey(key)
    const verdict = judgeKey(this.#entries, this.#target, shown)
    if (verdict.kind === 'known') return true
    if (verdict.kind === 'unknown' && this.#target.hostKeyChecking === 'accept-new') {
      this.#accepted = key
      return true
    }
    const file = knownHostsFiles(this.#target)[0] as string
    this.#refused = new Unreachable(refusal(verdict, this.#target, { key: shown, file }))
    return false
  }

  /** Once the login is done: the server has proven then that the key is its own. */
  remember(): Promise<void> {
    return rememberNewKey(this.#target, this.#accepted)
  }
}
