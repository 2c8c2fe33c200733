import type { Change } from '../../src/core/change.ts'
import type { Question } from '../../src/core/question.ts'

/** How one kind is made of a hostile text: in each field that holds text, or in some. */
export interface Entry<Made> {
  /** `path` is absolute, and its last name is the text as far as a name can be. */
  make(text: string, path: string): Made
  /** What a program must have got as one argument, unchanged. */
  told?(text: string, path: string): readonly string[]
  /** What a program must have read. */
  heard?(text: string): string
  /** What must be there afterwards: its path, or its path and content. */
  left?(text: string, path: string): readonly (readonly [path: string, content?: string])[]
  /** Refused with a word; what begins with a hyphen may be refused by all. */
  refuses?(text: string): boolean
  /** The text is content, so that any byte is as good as another. */
  bytes?: true
  /** Nothing of it goes to the shell: it has no text, or none that it does not know. */
  bare?: true
}

export type Entries<Made> = { readonly [kind: string]: readonly Entry<Made>[] }
export type QuestionEntries = Entries<Question>
export type ChangeEntries = Entries<Change>
