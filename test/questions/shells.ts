import { spawnSync } from 'node:child_process'
import type { Section } from '../../src/core/section.ts'

const wanted: readonly (readonly string[])[] = [['dash'], ['bash'], ['busybox', 'sh']]

/** The shells of this machine that scripts must run in. */
export const shells = wanted.filter(([command, ...rest]) => spawnSync(command!, [...rest, '-c', ':']).status === 0)

export interface RunOptions {
  /** Milliseconds. */
  readonly timeout?: number
  readonly env?: { readonly [name: string]: string }
}

/** Runs a script as the transport does: text on the shell's input, a subshell of its own under `set -e`, no input for the script. */
export function runScript(shell: readonly string[], script: string, options: RunOptions = {}): Section {
  const [command, ...rest] = shell
  const input = `( set -e\n${script}\n) </dev/null\n`
  const env = { PATH: process.env.PATH, HOME: '/root', LC_ALL: 'C', ...options.env }
  const done = spawnSync(command!, rest, {
    input,
    env,
    timeout: options.timeout ?? 20_000,
    maxBuffer: 64 * 1024 * 1024,
  })
  return { stdout: done.stdout, stderr: done.stderr, code: done.status ?? 255, truncated: false }
}
