import { writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Secret } from '../../core/secret.ts'
import { quote } from '../../core/sh.ts'

/** What ssh wants to know. */
export interface Asked {
  readonly prompt: string
  /** `none`: it only tells that a security key waits for a touch. */
  readonly kind: string
}

type Answer = (asked: Asked) => Promise<Secret | undefined>

/**
 * Answers what ssh asks, by a program it runs for each question (SSH_ASKPASS), which asks here by a socket: no secret is
 * in a file, an argument or the environment.
 */
export class Askpass {
  readonly #server: Server
  readonly #calls = new Set<Socket>()
  readonly #program: string

  private constructor(program: string, answer: Answer) {
    this.#program = program
    this.#server = createServer(call => this.#take(call, answer))
  }

  /** In a folder that nobody else can look into. */
  static async open(folder: string, answer: Answer): Promise<Askpass> {
    const program = join(folder, 'ask')
    const askpass = new Askpass(program, answer)
    await writeFile(join(folder, 'ask.cjs'), asking, { mode: 0o600 })
    await writeFile(program, `#!/bin/sh\nexec ${quote(process.execPath)} "$0.cjs" "$1"\n`, { mode: 0o700 })
    await new Promise<void>((resolve, reject) => {
      askpass.#server.once('error', reject).listen(join(folder, 'answers'), resolve)
    })
    return askpass
  }

  get environment(): { readonly [name: string]: string } {
    // Older versions look whether there is a display, and no terminal.
    return { SSH_ASKPASS: this.#program, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: process.env.DISPLAY || 'none' }
  }

  close(): void {
    this.#server.close()
    for (const call of this.#calls) call.destroy()
  }

  #take(call: Socket, answer: Answer): void {
    let heard = ''
    this.#calls.add(call)
    call.on('error', () => undefined).on('close', () => this.#calls.delete(call))
    call.setEncoding('utf8').on('data', async (text: string) => {
      heard += text
      if (!heard.endsWith('\n')) return
      const asked = JSON.parse(heard) as Asked
      const secret = await answer(asked).catch(() => undefined)
      // Who only tells is ended by ssh, once the key has been touched.
      if (asked.kind !== 'none') call.end(secret ? `+${secret.reveal()}` : '')
    })
  }
}

// It runs by itself: what it is told and prints is between it and ssh.
const asking = `const { argv, env, exit, stdout } = require('node:process')
const call = require('node:net').connect(require('node:path').join(__dirname, 'answers'))
let answer = ''
call.setEncoding('utf8').on('error', () => exit(1)).on('data', text => { answer += text })
call.on('end', () => {
  if (!answer.startsWith('+')) exit(1)
  stdout.write(answer.slice(1) + '\\n')
})
call.write(JSON.stringify({ prompt: argv[2] || '', kind: env.SSH_ASKPASS_PROMPT || '' }) + '\\n')
`
