import { randomBytes } from 'node:crypto'
import { join, reveal, Secret, type Text } from './secret.ts'
import { operand, printBytes, quote } from './sh.ts'

/** A command of the user's, as `command` and `shell` run it. */
export interface Command {
  /** Program and arguments, run without a shell … */
  readonly argv?: readonly string[]
  /** … or text for one. A Secret text reaches no argv: the shell that is there evaluates it, or reads it from a pipe. */
  readonly text?: Text
  /** The shell that runs `text`; /bin/sh when absent. */
  readonly executable?: string
  readonly chdir?: string
  readonly stdin?: Text
  readonly environment?: { readonly [name: string]: Text }
}

/** Stands for the exit code where the folder to run in is missing, and nothing ran. */
export const noFolder = -1

/** Shell text that runs it and then prints, on both outputs, NUL, the mark, the exit code, start and end. */
export function commandScript(command: Command, mark = 'pitool'): string {
  const { chdir } = command
  const trailer = `printf '\\000${mark} %s %s %s\\000' "$rc" "$begun" "$ended"`
  return [
    'set +e; up=; { read -r up _ </proc/uptime; } 2>/dev/null || begun=$(date +%s)',
    `${chdir === undefined ? '' : `if ! ( cd -- ${quote(chdir)} ) 2>/dev/null; then rc=${noFolder}; else `}(`,
    ...exports(command),
    ...(chdir === undefined ? [] : [`cd -- ${quote(chdir)} || exit 1`]),
    invocation(command),
    `); rc=$?; ${chdir === undefined ? '' : 'fi; '}ended=$(date +%s)`,
    // How long it took is told by the clock that nobody sets.
    'if [ -n "$up" ]; then read -r now _ </proc/uptime; begun=$((ended - ${now%.*} + ${up%.*})); fi',
    `${trailer}; ${trailer} >&2`,
  ].join('\n')
}

export function newMark(): string {
  return `pitool-${randomBytes(12).toString('hex')}`
}

function exports({ environment = {} }: Command): readonly string[] {
  return Object.entries(environment).map(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new RangeError(`not a name of the environment: ${name}`)
    return `export ${name}=${quote(reveal(value))}`
  })
}

function invocation(command: Command): string {
  const { stdin } = command
  const input = stdin === undefined ? '' : `${printBytes(reveal(stdin))} | `
  if (command.argv) {
    const [program = '', ...words] = command.argv
    return `${input}exec ${[operand(program), ...words.map(word => quote(word))].join(' ')}`
  }
  const { text = '', executable } = command
  // After `exec` a name is never a word of the shell's own, such as `if`.
  if (!(text instanceof Secret)) return `${input}exec ${operand(executable ?? '/bin/sh')} -c ${quote(text)}`
  if (executable === undefined) return `${input}( eval ${quote(text.reveal())} )`
  const program = `exec ${operand(executable)} /dev/fd/3`
  const read = input === '' ? `</dev/null ${program}` : `${input}${program}`
  return `${printBytes(text.reveal())} | { exec 3<&0; ${read}; }`
}

/** What people read: `systemctl restart foo`, without secrets. */
export function commandTitle(command: Command): string {
  const text = command.argv ? command.argv.join(' ') : String(join([command.text ?? '']))
  const line = text.split('\n')[0]!
  return line.length > 80 || text.includes('\n') ? `${line.slice(0, 79)}…` : line
}
