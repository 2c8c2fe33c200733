import { runCommand } from '../../changes/command-run.ts'
import { type Command, commandTitle } from '../../core/command.ts'
import { commandValues, ran } from '../../core/command-result.ts'
import { changed, type Plan, unchanged } from '../../core/module.ts'
import { type Asking, ask } from '../../core/question.ts'
import { join, mask, type Text } from '../../core/secret.ts'
import type { Vars } from '../../core/value.ts'
import { fileStat } from '../../questions/file.ts'
import { runReadonly } from '../../questions/run.ts'
import { failed } from '../failed.ts'

/** What `command` and `shell` have in common. */
export const commandArgs = {
  chdir: { type: 'string', minLength: 1, description: 'The folder to run in; it must be there.' },
  creates: { type: 'string', minLength: 1, description: 'Nothing is run where this path (or pattern) is there.' },
  removes: { type: 'string', minLength: 1, description: 'Nothing is run where this path (or pattern) is not there.' },
  stdin: { type: 'string', secret: true, description: 'What the command reads; a secret is safe here.' },
  stdin_add_newline: { type: 'boolean', default: true, description: 'End stdin with a newline.' },
  readonly: {
    type: 'boolean',
    default: false,
    description: 'It only looks: it runs in a check too, may run earlier, and is never a change.',
  },
} as const

export const commandReturns = {
  rc: 'exit code',
  stdout: 'what it printed, without the newline at its end',
  stderr: 'what it complained of',
  stdout_lines: 'the same, as a list of lines',
  stderr_lines: 'the same, as a list of lines',
  cmd: 'what was run',
  start: 'when it began, UTC, by the clock of the host',
  end: 'when it ended',
  delta: 'how long it took',
} as const

interface CommandWish {
  readonly chdir?: string | undefined
  readonly creates?: string | undefined
  readonly removes?: string | undefined
  readonly stdin?: Text | undefined
  readonly stdin_add_newline: boolean
  readonly readonly: boolean
}

/** Runs it, unless `creates` or `removes` says that nothing is left to do. */
export function* planCommand(bare: Command, wish: CommandWish): Asking<Plan> {
  const { chdir, stdin } = wish
  const command: Command = {
    ...bare,
    ...(chdir === undefined ? {} : { chdir }),
    ...(stdin === undefined ? {} : { stdin: wish.stdin_add_newline ? join([stdin, '\n']) : stdin }),
  }
  const reason = yield* skipReason(wish)
  const cmd = command.argv ? [...command.argv] : (command.text ?? '')
  if (reason !== undefined) {
    return unchanged(
      { rc: 0, stdout: '', stderr: '', stdout_lines: [], stderr_lines: [], cmd, msg: reason },
      { message: reason },
    )
  }
  if (wish.readonly) return look(command, commandValues(command, ran(command, yield* ask(runReadonly(command)))))
  return changed(
    [runCommand(command, wish.creates !== undefined || wish.removes !== undefined)],
    { cmd },
    {
      message: `run ${commandTitle(command)}`,
      later: {
        names: ['rc', 'msg', 'stdout', 'stderr', 'stdout_lines', 'stderr_lines', 'start', 'end', 'delta'],
        from: ([outcome = {}]) => ({
          ...outcome,
          msg: outcome.rc === 0 ? '' : exitMessage(outcome),
          ...(outcome.rc === 0 ? {} : { failed: true }),
        }),
      },
    },
  )
}

function look(
  command: Command,
  values: Vars & { readonly rc: number; readonly stderr: string; readonly stdout: string },
): Plan {
  if (values.rc === 0) return unchanged(values)
  const message = `\`${commandTitle(command)}\`: ${exitMessage(values)}`
  const plan = failed('command-failed', message, undefined, { changed: false, ...values, msg: exitMessage(values) })
  const said = mask(values.stderr || values.stdout).slice(-2000)
  return { ...plan, failed: { ...plan.failed!, ...(said === '' ? {} : { cause: said }) } }
}

function exitMessage(values: Vars): string {
  return `non-zero return code: ${String(values.rc)}`
}

function* skipReason({ creates, removes, chdir }: CommandWish): Asking<string | undefined> {
  if (creates !== undefined && (yield* isThere(creates, chdir))) return `not run, since ${creates} exists`
  if (removes !== undefined && !(yield* isThere(removes, chdir))) return `not run, since ${removes} does not exist`
  return undefined
}

/** A path below `chdir`, or a pattern that the shell of the host expands. */
function* isThere(name: string, chdir: string | undefined): Asking<boolean> {
  const path = name.startsWith('/') || chdir === undefined ? name : `${chdir.replace(/\/$/, '')}/${name}`
  if (path.startsWith('/') && !/[*?[]/.test(path)) return (yield* ask(fileStat(path))).type !== 'absent'
  const pattern = path.replace(/[^A-Za-z0-9_/.*?[\]-]/g, '\\$&')
  const text = `for f in ${pattern}; do if [ -e "$f" ] || [ -L "$f" ]; then echo 1; exit; fi; done; echo 0`
  return (yield* ask(runReadonly({ text }))).stdout.trim() === '1'
}
