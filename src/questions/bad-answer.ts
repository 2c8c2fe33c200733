import { Failure } from '../core/diagnostic.ts'
import { mask } from '../core/secret.ts'
import { errText, type Section } from '../core/section.ts'

/** The failure of an answer that is not what the script prints: garbage is never guessed at. */
export function badAnswer(about: string, section: Section, why = 'it is not what was asked for'): Failure {
  const said = mask(errText(section).trim()).slice(0, 500)
  return new Failure({
    code: 'bad-answer',
    message: `the answer about ${about} cannot be read: ${section.truncated ? 'it is cut' : why}`,
    hint: 'look for a login script or a wrapped command on the host that prints by itself',
    ...(said === '' ? {} : { cause: said }),
  })
}
