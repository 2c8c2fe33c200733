import type { Diagnostic } from '../../core/diagnostic.ts'
import type { Section } from '../../core/section.ts'
import { explainAbout, saidBy } from '../explain.ts'
import { exits, parentOf } from './place.ts'

/** Cause and cure of a change of a file that failed. */
export function explainFile(path: string, section: Section): Diagnostic | undefined {
  const cause = saidBy(section)
  const said = cause === '' ? {} : { cause }
  switch (section.code) {
    case exits.underneath:
      return {
        code: 'changed-underneath',
        message: `${path} is no longer what the plan saw: somebody changed it meanwhile`,
        hint: 'run it again: it plans from what is there now',
      }
    case exits.invalid:
      return {
        code: 'validation-failed',
        message: `the new content of ${path} was refused by its validation; the file is as it was`,
        hint: 'correct the content: the cause below is what the validation said',
        ...said,
      }
    case exits.directory:
      return { code: 'refused', message: `${path} is a folder`, hint: 'name a file in it, or remove the folder before' }
    case exits.parent:
      return {
        code: 'not-found',
        message: `the folder ${parentOf(path)} is not there`,
        hint: 'make it in a task before: file with state: directory',
      }
    case exits.fat:
      return {
        code: 'unsupported',
        message: `${path} is on a FAT file system, which knows no owners and modes`,
        hint: 'leave out mode, owner and group; the mount options say what all files there get',
        ...said,
      }
    default:
      return explainAbout(path, section)
  }
}
