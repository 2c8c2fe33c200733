import type { Secret } from '../core/secret.ts'

const longest = 4096

/**
 * Listens to su and doas, whose prompts are not ours to choose: the password is given once, at a prompt that comes after
 * our random word, which is printed right before they begin.
 */
export class PromptDialogue {
  readonly #word: string
  readonly #password: Secret | undefined
  readonly #heard = { stdout: '', stderr: '' }
  #begun = false
  #answered = false

  constructor(word: string, password: Secret | undefined) {
    this.#word = word
    this.#password = password
  }

  /** What to send now: the password's line, `wrong`, `missing`, or nothing. util-linux asks on stderr, busybox on stdout. */
  hear(from: 'stdout' | 'stderr', chunk: Buffer): Secret | 'wrong' | 'missing' | undefined {
    const heard = (this.#heard[from] + chunk.toString('utf8')).slice(-longest)
    this.#heard[from] = heard
    const at = heard.indexOf(this.#word)
    if (at === -1) return undefined
    this.#begun = true
    if (!/password[^\n]*:\s*$/i.test(heard.slice(at + this.#word.length))) return undefined
    this.#heard[from] = this.#word
    if (this.#answered) return 'wrong'
    if (!this.#password) return 'missing'
    this.#answered = true
    return this.#password.map(password => `${password}\n`)
  }

  /** Our word was there: from then on a password may be asked for. */
  get begun(): boolean {
    return this.#begun
  }

  get answered(): boolean {
    return this.#answered
  }
}
