import { ledgerFolders, lockWords } from '../core/ledger-words.ts'
import type { Owed } from '../core/owed.ts'
import type { Question } from '../core/question.ts'
import { outText } from '../core/section.ts'
import { badAnswer } from './bad-answer.ts'
import type { QuestionKind } from './kind.ts'

const kind = 'pending'

/** The notes of whoever asks: root's are the host's. */
export function pendingNotes(): Question<readonly Owed[]> {
  return { kind, key: '', arg: null }
}

// The first line is of the lock: who holds it, where its holder lives.
const script = `${ledgerFolders}
${lockWords}
of= pid= since= who=
if [ -e "$run/lock" ]; then { read -r of pid since; IFS= read -r who; } < "$run/lock" || :; fi 2>/dev/null
if alive "$of" "$pid" "$since"; then printf 'lock %s\\n' "$who"; fi
for note in "$state"/pending/*; do
  [ -f "$note" ] || continue
  IFS= read -r line < "$note" || :
  printf '%s %s\\n' "\${note##*/}" "$line"
done`

export const pendingKind: QuestionKind<null, readonly Owed[]> = {
  kind,
  sh: () => script,
  parse: (section, args) => {
    const lines = outText(section)
      .split('\n')
      .filter(line => line !== '')
    const atWork = /^lock run (\S+) of /.exec(lines[0] ?? '')?.[1]
    const notes = lines.filter(isNote).map(line => {
      const note = noteOf(line)
      if (!note) throw badAnswer('the notes in pitool/pending', section)
      return note.run === atWork ? { ...note, atWork: true } : note
    })
    return args.map(() => notes)
  },
}

/** Notes have hexadecimal names. */
function isNote(line: string): boolean {
  return !line.startsWith('lock ')
}

function noteOf(line: string): Owed | undefined {
  const at = line.indexOf(' ')
  try {
    const note: unknown = JSON.parse(line.slice(at + 1))
    const fields = ['project', 'playbook', 'play', 'address', 'digest', 'run'] as const
    if (typeof note !== 'object' || note === null) return undefined
    const known = note as Record<string, unknown>
    if (!fields.every(field => typeof known[field] === 'string')) return undefined
    return { ...(known as unknown as Owed), id: line.slice(0, at) }
  } catch {
    return undefined
  }
}
