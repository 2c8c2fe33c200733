import { lockWords } from '../core/ledger-words.ts'
import { ownUid } from '../core/own-uid.ts'
import type { Question } from '../core/question.ts'
import { outText } from '../core/section.ts'
import { badAnswer } from './bad-answer.ts'
import type { QuestionKind } from './kind.ts'

const kind = 'lock.stray'

export function strayLock(): Question<boolean> {
  return { kind, key: '', arg: null }
}

/** Whether there is a lock of whoever asks whose holder is gone: it holds up nobody, and a run takes it away. */
export const lockStrayKind: QuestionKind<null, boolean> = {
  kind,
  // Root's lies in one place, anybody else's in another; each can write to its own.
  sh: () => `${ownUid}
for lock in /run/pitool/lock "\${XDG_RUNTIME_DIR:-$HOME/.cache}/pitool/lock" "/var/tmp/pitool-$uid/.cache/pitool/lock"; do
  if [ -f "$lock" ] && [ -w "$lock" ]; then
    ${lockWords.trim()}
    of= pid= since=
    { read -r of pid since < "$lock" || :; } 2>/dev/null
    if ! alive "$of" "$pid" "$since"; then printf stray; break; fi
  fi
done`,
  parse(section, args) {
    const said = outText(section)
    if (section.truncated || (said !== '' && said !== 'stray')) throw badAnswer('the lock', section)
    return args.map(() => said === 'stray')
  },
}
