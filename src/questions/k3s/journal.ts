import type { Question } from '../../core/question.ts'
import { outText } from '../../core/section.ts'
import { quote } from '../../core/sh.ts'
import type { QuestionKind } from '../kind.ts'

export interface JournalArg {
  readonly unit: string
  /** How far back, seconds. */
  readonly seconds: number
}

const kind = 'journal'
const mostLines = 300

/** What a unit wrote into the journal lately, oldest first, without systemd's own prefix. */
export function journal(unit: string, seconds: number): Question<readonly string[]> {
  const back = Math.max(1, Math.floor(seconds))
  return { kind, key: `${unit}\0${back}`, arg: { unit, seconds: back } }
}

export const journalKind: QuestionKind<JournalArg, readonly string[]> = {
  kind,
  open: true,
  sh: args =>
    args
      .map(({ unit, seconds }) => {
        const options = `--no-pager --quiet -o cat -n ${mostLines} --since=-${seconds}s`
        return `journalctl -u ${quote(unit)} ${options} 2>/dev/null | cut -c 1-2000 || :; printf '\\000'`
      })
      .join('\n'),
  parse: (section, args) => {
    const texts = outText(section).split('\0')
    return args.map((_, i) => (texts[i] ?? '').split('\n').filter(line => line !== ''))
  },
  limit: args => args.length * mostLines * 2000,
}
