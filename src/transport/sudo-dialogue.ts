import type { Secret } from '../core/secret.ts'

const longest = 4096

/** Listens on sudo's stderr and gives the password on our random prompt only, once; a second prompt means it was wrong. */
export class SudoDialogue {
  readonly #prompt: string
  readonly #password: Secret
  #heard = ''
  #answered = false

  constructor(prompt: string, password: Secret) {
    this.#prompt = prompt
    this.#password = password
  }

  /** What to send now: the password's line, `wrong`, or nothing. */
  hear(from: 'stdout' | 'stderr', chunk: Buffer): Secret | 'wrong' | undefined {
    if (from === 'stdout') return undefined
    this.#heard = (this.#heard + chunk.toString('utf8')).slice(-longest)
    const at = this.#heard.indexOf(this.#prompt)
    if (at === -1) return undefined
    this.#heard = this.#heard.slice(at + this.#prompt.length)
    if (this.#answered) return 'wrong'
    this.#answered = true
    return this.#password.map(password => `${password}\n`)
  }

  get answered(): boolean {
    return this.#answered
  }
}
