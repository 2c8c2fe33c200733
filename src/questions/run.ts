import { type Command, commandScript, commandTitle, newMark } from '../core/command.ts'
import { type CommandResult, readResults } from '../core/command-result.ts'
import { Failure } from '../core/diagnostic.ts'
import type { Question } from '../core/question.ts'
import { reveal } from '../core/secret.ts'
import { Unknown } from '../core/unknown.ts'
import type { QuestionKind } from './kind.ts'

/** A command that only looks (`readonly: true`). Its exit code is part of the answer. */
export function runReadonly(command: Command): Question<CommandResult> {
  const { text, stdin, environment = {}, ...plain } = command
  const words = [text, stdin, ...Object.entries(environment).flat()].map(word =>
    word === undefined ? '' : reveal(word),
  )
  return { kind: 'run', key: JSON.stringify([plain, words]), arg: command }
}

/** Each script of this kind has a mark of its own, which no output can forge; it is the first thing printed. */
export const run: QuestionKind<Command, CommandResult> = {
  kind: 'run',
  open: true,
  own: true,
  sh(commands) {
    const mark = newMark()
    const scripts = commands.map(command => commandScript(command, mark))
    return [`printf '%s\\000' ${mark}`, ...scripts, 'exit 0'].join('\n')
  },
  parse(section, commands) {
    const all = Buffer.from(section.stdout)
    const nul = all.indexOf(0)
    const mark = all.subarray(0, Math.max(0, nul)).toString('latin1')
    const rest = { ...section, stdout: all.subarray(nul + 1) }
    const results = /^pitool-[0-9a-f]{24}$/.test(mark) ? readResults(rest, mark) : []
    return commands.map((command, i) => results[i] ?? lost(command, section.truncated))
  },
  // After a planned change a failing look may be the change's own doing: only success is worth assuming.
  predict(shadow, _command, actual) {
    if (actual === undefined || actual.rc === 0 || shadow.empty) return actual
    return new Unknown(`it fails now (exit ${actual.rc}), before the planned changes`)
  },
}

function lost(command: Command, truncated: boolean): never {
  throw new Failure({
    code: 'bad-answer',
    message: `how \`${commandTitle(command)}\` ended is lost${truncated ? ': it printed too much' : ''}`,
    hint: 'let it print less, or send what it prints to a file',
  })
}
