import type { Failure } from '../core/diagnostic.ts'
import type { Secret } from '../core/secret.ts'
import { askedNothing, passwordMissing, passwordWrong } from './become-failure.ts'
import { Greeting } from './greeting.ts'
import type { Become, Words } from './launch.ts'
import { launchFailure } from './launch-failure.ts'
import type { Ending, Line } from './line.ts'
import { PromptDialogue } from './prompt-dialogue.ts'
import { SudoDialogue } from './sudo-dialogue.ts'

export interface Launch {
  readonly words: Words
  readonly become?: Become | undefined
  readonly password?: Secret | undefined
  /** For the greeting to come. */
  readonly seconds: number
}

/** From a command's start until the shell it brings has said hello on both outputs, sudo's questions included. */
export class Welcome {
  readonly #line: Line
  readonly #launch: Launch
  readonly #out: Greeting
  readonly #err: Greeting
  readonly #dialogue: SudoDialogue | PromptDialogue | undefined

  constructor(line: Line, launch: Launch) {
    this.#line = line
    this.#launch = launch
    this.#out = new Greeting(launch.words.greeting)
    this.#err = new Greeting(launch.words.greeting)
    this.#dialogue = dialogueOf(launch)
  }

  get done(): boolean {
    return this.#out.words !== undefined && this.#err.words !== undefined
  }

  /** What is sent before it is done may be taken for a password. */
  get mayAsk(): boolean {
    return this.#dialogue !== undefined && !this.done
  }

  /** What ends everything the shell runs: its process group as a negative pid, or just itself; undefined before hello. */
  get killable(): number | undefined {
    const [pid, group] = (this.#out.words ?? []).map(Number)
    if (pid === undefined || !Number.isInteger(pid) || pid <= 1) return undefined
    return group === pid ? -pid : pid
  }

  /** What the chunk holds beyond the greeting. */
  push(from: 'stdout' | 'stderr', chunk: Buffer): Buffer {
    return (from === 'stdout' ? this.#out : this.#err).push(chunk)
  }

  /** Why there can be no shell though it said hello: what waits for doas' password would take what it is sent. */
  get starved(): Failure | undefined {
    const { become } = this.#launch
    const dialogue = this.#dialogue
    if (become?.method !== 'doas' || !(dialogue instanceof PromptDialogue)) return undefined
    return this.done && dialogue.begun && !dialogue.answered ? askedNothing(this.#line, become) : undefined
  }

  /** What sudo, su or doas is to be told now. Throws a Failure at the second question, or where there is no answer. */
  reply(from: 'stdout' | 'stderr', chunk: Buffer): Secret | undefined {
    if ((from === 'stdout' ? this.#out : this.#err).words !== undefined) return undefined
    const reply = this.#dialogue?.hear(from, chunk)
    const become = this.#launch.become as Become
    if (reply === 'wrong') throw passwordWrong(this.#line.host, become)
    if (reply === 'missing') throw passwordMissing(this.#line, become)
    return reply
  }

  /** Why there was no hello; without an ending, it was waited for in vain. */
  failure(ending?: Ending): Failure {
    const { become, seconds, words } = this.#launch
    const noise = [this.#err, this.#out].map(greeting => greeting.noise.trim()).join('\n')
    const said = noise.replaceAll(words.prompt, '').replaceAll(words.greeting, '').replace(doasPrompt, '').trim()
    const answered = this.#dialogue?.answered ?? false
    return launchFailure({ host: this.#line.host, user: this.#line.user, become, said, ending, answered, seconds })
  }
}

const doasPrompt = /^\r?doas \(.*\) password: *\r*$/gm

function dialogueOf({ become, words, password }: Launch): SudoDialogue | PromptDialogue | undefined {
  if (become?.method === 'su') return new PromptDialogue(words.prompt, password)
  if (!become || !password) return undefined
  return become.method === 'sudo'
    ? new SudoDialogue(words.prompt, password)
    : new PromptDialogue(words.prompt, password)
}
