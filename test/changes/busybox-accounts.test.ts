import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { setUser, userSet } from '../../src/changes/user-set.ts'
import { runScript, shells } from '../questions/shells.ts'

const nowhere = '/nonexistent'

describe.each(shells.map(shell => ({ shell, name: shell.join(' ') })))('in $name', ({ shell }) => {
  it('an account that could not be made is a failure, whatever comes after it', () => {
    // Neither useradd nor adduser is found there; busybox' own shell would run its applets all the same.
    const { script } = userSet.carry(setUser({ name: 'trial', action: 'add', groups: ['trials'] }))
    const path = spawnSync('sh', ['-c', `command -v ${shell[0]}`], { encoding: 'utf8' }).stdout.trim()
    const dull = 'adduser() { return 1; }; addgroup() { :; }; mkdir() { :; }; rm() { :; }\n'
    const ran = runScript([path, ...shell.slice(1)], `${dull}${script.replaceAll('/var/lib', nowhere)}`, {
      env: { PATH: nowhere },
    })
    expect(ran.code).not.toBe(0)
  })
})
