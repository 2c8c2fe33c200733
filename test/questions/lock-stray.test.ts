import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { lockStrayKind } from '../../src/questions/lock-stray.ts'
import { section } from './section.ts'
import { runScript, shells } from './shells.ts'

const folder = mkdtempSync(join(tmpdir(), 'pitool-lock-'))
const lock = join(folder, 'pitool', 'lock')
mkdirSync(join(folder, 'pitool'))
afterEach(() => rmSync(lock, { force: true }))
const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
const started = readFileSync(`/proc/${process.pid}/stat`, 'utf8')
  .replace(/^.*\) /, '')
  .split(' ')[19]

describe.each(shells.map(shell => ({ shell, name: shell.join(' ') })))('in $name', ({ shell }) => {
  it.each([
    ['none', undefined, false],
    ['of one that lives', `${boot} ${process.pid} ${started}\nrun x\n`, false],
    ['of one with the number of another that lives', `${boot} ${process.pid} 1\nrun x\n`, true],
    ['from before a reboot', `old ${process.pid} ${started}\nrun x\n`, true],
    ['of nobody', '', true],
  ])('%s', (_, text, stray) => {
    if (text !== undefined) writeFileSync(lock, text)
    const said = runScript(shell, lockStrayKind.sh([null]), { env: { XDG_RUNTIME_DIR: folder } })
    expect(said.stderr.toString()).toBe('')
    expect(lockStrayKind.parse(said, [null])).toEqual([stray])
  })
})

it('garbage is no answer', () => expect(() => lockStrayKind.parse(section('Welcome!'), [null])).toThrow(/the lock/))
