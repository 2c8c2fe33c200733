import type { Code } from '../core/codes.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import { mask } from '../core/secret.ts'
import { errText, outText, type Section } from '../core/section.ts'

interface Known {
  readonly said: RegExp
  readonly code: Code
  readonly message: string
  readonly hint: string
}

/** What programs say under LC_ALL=C, and what mends it. */
const known: readonly Known[] = [
  {
    said: /No space left on device|Disk quota exceeded/,
    code: 'disk-full',
    message: 'the disk is full',
    hint: 'make room (df -h, df -i tell where), then run it again',
  },
  {
    said: /Read-only file system/,
    code: 'read-only',
    message: 'the file system is mounted read-only',
    hint: 'mount it read-write, or look into dmesg: a failing card is often remounted read-only',
  },
  {
    said: /Permission denied|Operation not permitted|must be root|Access denied|authentication required|superuser/i,
    code: 'permission-denied',
    message: 'this user may not do that',
    hint: 'set `become: true`; as root look for an immutable file (lsattr)',
  },
  {
    said: /: (command )?not found(\n|$)/,
    code: 'unsupported',
    message: 'a program is missing on the host',
    hint: 'install the package that brings it',
  },
  {
    said: /No such file or directory/,
    code: 'not-found',
    message: 'something on the way is not there',
    hint: 'make it in a task before',
  },
]

/** Cause and cure of what failed on a host, from what was printed; undefined where nothing known was said. */
export function explainSection(section: Section): Diagnostic | undefined {
  const said = saidBy(section)
  const found = known.find(({ said: pattern }) => pattern.test(said))
  return found && { code: found.code, message: found.message, hint: found.hint, cause: said }
}

/** The same with what it was about before it: `/etc/motd: the disk is full`. */
export function explainAbout(about: string, section: Section): Diagnostic | undefined {
  const general = explainSection(section)
  return general && { ...general, message: `${about}: ${general.message}` }
}

/** What a script complained of, masked and bounded. */
export function saidBy(section: Section): string {
  return mask(errText(section).trim() || outText(section).trim()).slice(-2000)
}
