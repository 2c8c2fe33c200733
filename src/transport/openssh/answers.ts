import type { Secret } from '../../core/secret.ts'
import type { KeyRing } from '../keys.ts'
import type { SshTarget } from '../target.ts'
import type { Asked } from './askpass.ts'

/** What ssh is told of what it asks: the password at the host's own prompts, each once, and the passphrases of keys. */
export class Answers {
  /** The files of the keys whose passphrase ssh wanted. */
  readonly keyFiles = new Set<string>()
  readonly #target: SshTarget
  readonly #keys: KeyRing
  readonly #given = new Set<'password' | 'dialogue'>()

  constructor(target: SshTarget, keys: KeyRing) {
    this.#target = target
    this.#keys = keys
  }

  async to({ prompt }: Asked): Promise<Secret | undefined> {
    const [, file] = /^Enter (?:passphrase for (?:key )?|PIN for .*key )'?(.*?)'?: ?$/.exec(prompt) ?? []
    if (file !== undefined) {
      this.keyFiles.add(file)
      return await this.#keys.passphrase(file, this.#target.passphrase)
    }
    const [, user, host] = /^(.+)@(.+)'s password: ?$/.exec(prompt) ?? []
    if (user !== undefined) return this.#isFor(user, host) ? this.#password('password') : undefined
    const [, name, place, question = prompt] = /^\((.+)@(.+?)\) (.*)$/s.exec(prompt) ?? []
    // A code that changes, say, is no password.
    if (!/assword/.test(question) || (name !== undefined && !this.#isFor(name, place))) return undefined
    return this.#password('dialogue')
  }

  /** Another ssh, run by the configuration for this one, asks in the same way. */
  #isFor(user: string, host = ''): boolean {
    const { address, configName, hostKeyAlias } = this.#target
    const names = [address, configName, hostKeyAlias].map(name => name?.toLowerCase())
    return user === this.#target.user && names.includes(host.toLowerCase())
  }

  #password(way: 'password' | 'dialogue'): Secret | undefined {
    if (this.#given.has(way)) return undefined
    this.#given.add(way)
    return this.#target.password
  }
}
