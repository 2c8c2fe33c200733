import type { Writable } from 'node:stream'
import type { Section } from '../../../src/core/section.ts'
import type { Line, Process } from '../../../src/transport/line.ts'
import { OpenShell as RealShell } from '../../../src/transport/open-shell.ts'
import type { Launch } from '../../../src/transport/welcome.ts'
import { come, type Frame, newFrame } from './strike.ts'

/** The shell of the program that is struck: the real one, which tells of each of its frames where it stands. */
export class OpenShell extends RealShell {
  readonly #host: string
  readonly #user: string
  #frame: Frame | undefined

  constructor(process: Process, line: Line, launch: Launch) {
    super(process, line, launch)
    this.#host = line.host
    this.#user = launch.become?.user ?? 'login'
    const { stdin } = process
    const write = stdin.write.bind(stdin) as (...words: readonly unknown[]) => boolean
    stdin.write = ((...words: readonly unknown[]) => {
      const more = write(...words)
      if (this.#frame) come('sent', this.#frame)
      return more
    }) as Writable['write']
  }

  override frame(scripts: readonly string[], limit: number, stopOnFailure: boolean): Promise<readonly Section[]> {
    return this.#framed(() => super.frame(scripts, limit, stopOnFailure))
  }

  override pour(script: string, input: AsyncIterable<Uint8Array>, limit: number): Promise<readonly Section[]> {
    return this.#framed(() => super.pour(script, input, limit))
  }

  async #framed(send: () => Promise<readonly Section[]>): Promise<readonly Section[]> {
    const frame = newFrame(this.#host, this.#user)
    come('before', frame)
    this.#frame = frame
    try {
      const sections = await send()
      come('answered', frame)
      return sections
    } finally {
      this.#frame = undefined
    }
  }
}
