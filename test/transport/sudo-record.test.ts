import { describe, expect, it } from 'vitest'
import { recordsInput } from '../../src/transport/sudo-record.ts'

const listing = (defaults: string, rest = '') => `Matching Defaults entries for pi on h1:
    env_reset, mail_badpass,
    secure_path=/usr/local/sbin\\:/usr/local/bin\\:/usr/sbin\\:/usr/bin\\:/sbin\\:/bin, ${defaults}
${rest}
User pi may run the following commands on h1:
    (ALL : ALL) ALL
`
const rights = (tags: string) => `User pi may run the following commands on h1:\n    (ALL : ALL) ${tags}ALL\n`

describe('what sudo -l says of its record', () => {
  it.each([
    [listing('log_input'), true],
    [listing('log_output,\n    log_input'), true],
    [listing('log_stdin'), true],
    [listing('!log_input, log_input'), true],
    [rights('LOG_INPUT: '), true],
    [rights('NOPASSWD: LOG_INPUT: '), true],
    [listing('use_pty', '\nRunas and Command-specific defaults for pi:\n    Defaults!/bin/sh log_input\n'), true],
    [listing('use_pty'), false],
    [listing('log_output'), false],
    [listing('log_input, !log_input'), false],
    [rights('NOLOG_INPUT: '), false],
    [rights('NOPASSWD: '), false],
    ['', false],
  ])('%j: %s', (text, recorded) => expect(recordsInput(text)).toBe(recorded))
})
