import { Failure } from '../core/diagnostic.ts'
import { reveal } from '../core/secret.ts'
import type { Section } from '../core/section.ts'
import { failure, lost, noSession, quoted, shellLost } from './failures.ts'
import { FrameReader } from './frame-reader.ts'
import { frameText, newMark, pourText } from './frame-text.ts'
import { settleText } from './launch.ts'
import { endingText } from './launch-failure.ts'
import type { Ending, Line, Process } from './line.ts'
import { type Launch, Welcome } from './welcome.ts'
import { writeAll } from './write-all.ts'

interface Pending {
  readonly reader: FrameReader
  readonly begin: () => void
  readonly resolve: (sections: readonly Section[]) => void
  readonly reject: (error: Error) => void
}

/** One `sh` on one channel, from its greeting to its end. Takes one frame at a time. */
export class OpenShell {
  readonly process: Process
  readonly since = performance.now()
  readonly #line: Line
  readonly #welcome: Welcome
  readonly #greeted: Promise<void>
  #greet: () => void = () => undefined
  #refuse: (error: Error) => void = () => undefined
  #pending: Pending | undefined
  #settled = false
  #broken: Error | undefined

  constructor(process: Process, line: Line, launch: Launch) {
    this.process = process
    this.#line = line
    this.#welcome = new Welcome(line, launch)
    this.#greeted = new Promise((resolve, reject) => {
      this.#greet = resolve
      this.#refuse = reject
    })
    this.#greeted.catch(() => undefined)
    this.#listen()
    this.#await(launch.seconds)
  }

  get broken(): boolean {
    return this.#broken !== undefined
  }

  get busy(): boolean {
    return this.#pending !== undefined
  }

  /** What ends everything it runs, for `kill`; undefined before its greeting. */
  get killable(): number | undefined {
    return this.#welcome.killable
  }

  async frame(scripts: readonly string[], limit: number, stopOnFailure: boolean): Promise<readonly Section[]> {
    const mark = newMark()
    const text = frameText(scripts, mark, stopOnFailure)
    const { answer } = this.#expect(new FrameReader(mark, limit))
    await this.#send(text)
    const sections = await answer
    if (!stopOnFailure && sections.length !== scripts.length) {
      throw this.#fail(this.#garbage(`${sections.length} answers to ${scripts.length} scripts`))
    }
    return sections
  }

  /** Runs a script with this input; the shell's last deed. */
  async pour(script: string, input: AsyncIterable<Uint8Array>, limit: number): Promise<readonly Section[]> {
    const mark = newMark()
    const text = pourText(script, mark)
    const { answer, begun } = this.#expect(new FrameReader(mark, limit))
    await this.#send(text)
    await Promise.race([begun, answer])
    await this.#feed(input)
    const [, section] = await answer
    if (!section) throw this.#fail(this.#garbage('no answer to the script'))
    return [section]
  }

  /** Ends it because of this error: what is pending rejects with it. */
  abandon(error: Error): void {
    this.#fail(error)
  }

  /** Lets it end by itself: a shell whose input ends exits. */
  end(): void {
    this.#broken ??= failure('cancelled', { host: this.#line.host, message: 'the shell was closed' })
    this.process.stdin.end()
  }

  #expect(reader: FrameReader) {
    if (this.#broken) throw this.#broken
    let begin: () => void = () => undefined
    const begun = new Promise<void>(resolve => {
      begin = resolve
    })
    const answer = new Promise<readonly Section[]>((resolve, reject) => {
      this.#pending = { reader, begin, resolve, reject }
    })
    answer.catch(() => undefined)
    return { answer, begun }
  }

  async #send(text: string): Promise<void> {
    // A sudo, su or doas that may ask for a password would take the frame for one; the others get it without waiting.
    if (this.#welcome.mayAsk) await this.#greeted
    const settling = this.#settled ? '' : settleText
    this.#settled = true
    await writeAll(this.process, settling + text)
  }

  async #feed(input: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const chunk of input) {
        // The script has ended without reading on, or nothing can be written any more: its reader tells why.
        if (!this.busy || !this.process.stdin.writable) return
        await writeAll(this.process, chunk)
      }
    } catch (error) {
      const { host } = this.#line
      if (error instanceof Failure) throw this.#fail(new Failure({ host, ...error.diagnostic }))
      const message = `what was to be sent to ${host} could not be read`
      throw this.#fail(failure('task-failed', { host, message, cause: (error as Error).message }))
    } finally {
      this.process.stdin.end()
    }
  }

  #listen(): void {
    const { process } = this
    for (const from of ['stdout', 'stderr'] as const) {
      process[from].on('data', (chunk: Buffer) => {
        this.#converse(from, chunk)
        this.#hear(from, this.#welcome.push(from, chunk))
      })
    }
    const { gone } = this.#line
    const onGone = () => this.#fail(gone.reason as Error)
    gone.addEventListener('abort', onGone, { once: true })
    void process.ended.then(ending => {
      gone.removeEventListener('abort', onGone)
      this.#fail(gone.aborted ? (gone.reason as Error) : this.#ended(ending))
    })
    if (gone.aborted) onGone()
  }

  #await(seconds: number): void {
    const timer = setTimeout(() => this.#fail(this.#welcome.failure()), seconds * 1000)
    const stop = () => clearTimeout(timer)
    this.#greeted.then(stop, stop)
  }

  #converse(from: 'stdout' | 'stderr', chunk: Buffer): void {
    try {
      const reply = this.#welcome.reply(from, chunk)
      if (reply && !this.#broken) this.process.stdin.write(reveal(reply))
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #hear(from: 'stdout' | 'stderr', chunk: Buffer): void {
    if (this.#welcome.done) this.#welcomed()
    const pending = this.#pending
    if (chunk.length === 0 || !pending || this.#broken) return
    try {
      const complete = pending.reader.push(from, chunk)
      if (pending.reader.begun) pending.begin()
      if (!complete) return
      const sections = pending.reader.sections()
      this.#pending = undefined
      pending.resolve(sections)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.#fail(this.#garbage(error.message))
    }
  }

  #welcomed(): void {
    const { starved } = this.#welcome
    if (starved) this.#fail(starved)
    else this.#greet()
  }

  #fail(error: Error): Error {
    if (this.#broken) return this.#broken
    this.#broken = error
    this.#refuse(error)
    this.#pending?.reject(error)
    this.#pending = undefined
    this.process.destroy()
    return error
  }

  #ended(ending: Ending): Error {
    const { host } = this.#line
    if (ending.refused) return noSession(this.#line, 'it did not start a command')
    if (ending.code === undefined && ending.signal === undefined && !ending.held)
      return lost(host, 'its channel closed')
    if (!this.#welcome.done) return this.#welcome.failure(ending)
    return shellLost({
      host,
      message: `the shell on ${host} ended in the middle of its work, ${endingText(ending)}`,
      cause: this.#pending?.reader.unfinished,
      hint: 'something on the host ended it (a `kill`, too little memory); see its journal, then run again',
    })
  }

  #garbage(what: string): Error {
    const { host } = this.#line
    const cause = quoted(this.#pending?.reader.unfinished)
    return failure('bad-answer', { host, message: `${host} answered with garbage: ${what}`, cause })
  }
}
