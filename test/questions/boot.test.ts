import { describe, expect, it } from 'vitest'
import { bootKind } from '../../src/questions/boot.ts'
import { section } from './section.ts'
import { runScript, shells } from './shells.ts'

describe.each(shells)('boot in %s %s', (...shell) => {
  it('tells this machine', () => {
    const words = shell.filter((word): word is string => word !== undefined)
    const [answer] = bootKind.parse(runScript(words, bootKind.sh([null])), [null])
    const now = Date.now() / 1000
    expect(answer!.bootId).toMatch(/^[0-9a-f-]{36}$/)
    expect(Math.abs(answer!.clock - now)).toBeLessThan(5)
    expect(answer!.bootedAt).toBeLessThan(now)
  })
})

describe('boot', () => {
  const stat = (comm: string) => `1 (${comm}) S 0 1 1 0 -1 4194560 1 1 1 1 1 1 1 1 20 0 1 0 5000 1 1 1`
  it.each(['systemd', 'a b', 'odd) S (name'])('is reckoned from the first process, whatever it is called: %s', comm => {
    const text = ['076609b2-24e9-43ce-bf28-7a84adb3a9fb', '2000', '1050.5', stat(comm), 'root=/dev/sda1', ''].join('\n')
    const [answer] = bootKind.parse(section(text), [null])
    expect(answer).toEqual({
      bootId: '076609b2-24e9-43ce-bf28-7a84adb3a9fb',
      clock: 2000,
      bootedAt: 999.5,
      cmdline: 'root=/dev/sda1',
    })
  })
  it.each(['', 'Welcome!\nroot=', 'x\n1\n2\n3'])('refuses garbage: %j', text => {
    expect(() => bootKind.parse(section(text), [null])).toThrow(/its boot/)
  })
})
