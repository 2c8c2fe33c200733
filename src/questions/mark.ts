import type { Question } from '../core/question.ts'
import { outText } from '../core/section.ts'
import { quote } from '../core/sh.ts'
import { badAnswer } from './bad-answer.ts'
import type { QuestionKind } from './kind.ts'

/** A note of this boot that something is still to be done: a reboot, a restart. */
export interface MarkAnswer {
  /** It is there and was made in this boot; one of an earlier boot counts for nothing. */
  readonly set: boolean
  /** What made it necessary, oldest first. */
  readonly reasons: readonly string[]
}

const kind = 'mark'
/** What was changed is in force only after a reboot. */
export const rebootRequired = '/run/pitool/reboot-required'

export function mark(path: string): Question<MarkAnswer> {
  return { kind, key: path, arg: path }
}

export const markKind: QuestionKind<string, MarkAnswer> = {
  kind,
  sh: paths => `read -r boot < /proc/sys/kernel/random/boot_id
for path in ${paths.map(quote).join(' ')}; do
  echo @
  if [ -r "$path" ]; then
    { IFS= read -r of || :; if [ "$of" = "$boot" ]; then echo set; cat; fi; } < "$path"
  fi
done`,
  parse: (section, paths) => {
    const blocks = outText(section).split(/^@\n/m).slice(1)
    if (blocks.length !== paths.length) throw badAnswer(paths.join(', '), section)
    return blocks.map(block => {
      const [set, ...reasons] = block.split('\n').filter(line => line !== '')
      return { set: set === 'set', reasons }
    })
  },
  predict: (shadow, path, actual) => {
    const planned = shadow.values.get(`mark:${path}`) as (MarkAnswer & { readonly onto?: boolean }) | undefined
    // A planned reboot empties /run.
    if (!planned) return shadow.values.has('kernel') ? { set: false, reasons: [] } : undefined
    const { set, reasons, onto } = planned
    if (!onto) return { set, reasons }
    return actual && { set, reasons: [...new Set([...actual.reasons, ...reasons])] }
  },
}
