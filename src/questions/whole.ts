import { badAnswer } from './bad-answer.ts'
import type { QuestionKind } from './kind.ts'

/** An answer of which a part was thrown away is none; what the user's own words print may be cut, and says so itself. */
export function whole(kind: QuestionKind): QuestionKind {
  if (kind.own || kind.control) return kind
  return {
    ...kind,
    parse(section, args) {
      if (section.truncated) throw badAnswer(kind.kind, section)
      return kind.parse(section, args)
    },
  }
}
