import { randomBytes } from 'node:crypto'

/** The random word that ends each section; sent in two halves, so that an echo of the frame's text is no mark. */
export interface Mark {
  readonly halves: readonly [string, string]
  readonly bytes: Buffer
}

export function newMark(): Mark {
  const word = randomBytes(16).toString('hex')
  return { halves: [word.slice(0, 16), word.slice(16)], bytes: Buffer.from(`${word}:`) }
}

/**
 * One compound command: a frame that is cut while it is sent runs nothing. Each script is parsed as a whole by an
 * `eval` of its own before any of it runs, so that a syntax error stays in its section and cannot swallow what follows.
 */
export function frameText(scripts: readonly string[], mark: Mark, stopOnFailure: boolean): string {
  const sections = scripts.map((script, i) => section(script, mark, stopOnFailure && i > 0))
  return `{\n${sections.join('')}${marking(mark, 'end')}}\n`
}

/**
 * A frame of one script that reads the channel's own input. The shell must be idle when the input comes, since it reads
 * ahead: hence a first mark, after which the input may be sent. It exits at the end, so that input that was not read is
 * never taken for commands.
 */
export function pourText(script: string, mark: Mark): string {
  const run = `( eval ${evalWord(script)} )\n__code=$?\n`
  return `{\n${marking(mark, '0')}${run}${marking(mark, '"$__code"')}${marking(mark, 'end')}exit\n}\n`
}

function section(script: string, mark: Mark, guarded: boolean): string {
  // The subshell stands in no tested context, else `set -e` would be off in it.
  const body = `( eval ${evalWord(script)} ) </dev/null\n__code=$?\n${marking(mark, '"$__code"')}`
  return guarded ? `if [ "$__code" -eq 0 ]; then\n${body}fi\n` : body
}

function evalWord(script: string): string {
  if (script.includes('\0')) throw new RangeError('a NUL byte cannot be part of a script')
  return `'{ set -e\n${script.replaceAll("'", "'\\''")}\n}'`
}

function marking({ halves }: Mark, code: string): string {
  const print = `printf '%s%s:%s\\n' ${halves[0]} ${halves[1]} ${code}`
  return `${print}; ${print} >&2\n`
}
