import { spawn, spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { leftText } from '../../src/engine/again.ts'
import { World } from './memory.ts'
import { run } from './run.ts'

const files = {
  'site.yml': `
- hosts: a
  tasks:
    - {name: s, key: {name: k, value: v}, notify: h}
    - {name: o, when: 'opaque == "1"', opaque: {}}
  handlers:
    - {name: h, key: {name: h, value: v}}
`,
}

const cases: readonly [title: string, script: string, when: 'before' | 'after', ends: readonly string[]][] = [
  ['in a question', 'get', 'before', ['s a changed', 'o a skipped', 'h a changed']],
  ['before a change was made', 'set k', 'before', ['s a changed', 'o a skipped', 'h a changed']],
  ['after a change was made', 'set k', 'after', ['s a changed', 'o a skipped', 'h a changed']],
  ['in the lock', 'note lock.take', 'after', ['s a changed', 'o a skipped', 'h a changed']],
  ['in a note', 'owe', 'before', ['s a changed', 'o a skipped', 'h a changed']],
  ['in a handler', 'set h', 'after', ['s a changed', 'o a skipped', 'h a changed']],
  ['in forgetting a note', 'paid', 'before', ['s a changed', 'o a skipped', 'h a changed']],
]

describe('a connection lost', () => {
  test.each(cases)('%s: the run goes on', async (_, script, when, ends) => {
    const world = new World()
    world.cuts.push({ script, when })
    const ran = await run(world, { files, extra: ['opaque=0'] })
    expect(world.cuts).toEqual([])
    expect(ran.ends).toEqual(ends)
    expect(ran.result.exit).toBe(0)
    expect(world.owed.get('a')?.size).toBe(0)
    expect(ran.events.filter(event => event.type === 'warning')).toMatchObject([
      { diagnostic: { code: 'connection-lost', host: 'a' } },
    ])
    expect((await run(world, { files, extra: ['opaque=0'] })).result.hosts.a).toMatchObject({ changed: 0 })
  })

  test.each(['before', 'after'] as const)(
    '%s what must not be done twice: it fails, and is done once at most',
    async when => {
      const world = new World()
      world.cuts.push({ script: 'set opaque', when })
      const ran = await run(world, { files, extra: ['opaque=1'] })
      expect(ran.ends).toEqual(['s a changed', 'o a failed'])
      expect(ran.events.find(event => event.type === 'host.end' && event.status === 'failed')).toMatchObject({
        diagnostic: { code: 'outcome-unknown', cause: expect.stringContaining('no longer runs there') },
      })
      expect(world.steps.filter(({ what }) => what.startsWith('opaque'))).toHaveLength(when === 'after' ? 2 : 0)
    },
  )

  test('again and again: given up after three times', async () => {
    const world = new World()
    for (let i = 0; i < 9; i++) world.cuts.push({ script: 'get', when: 'before' })
    const ran = await run(world, { files, extra: ['opaque=0'] })
    expect(ran.result.exit).toBe(4)
    expect(world.cuts).toHaveLength(5)
  })
})

describe.skipIf(process.platform !== 'linux')('what was left running', () => {
  const shells = [['sh'], ['bash'], ['busybox', 'sh']].filter(
    ([program]) => spawnSync(program as string, ['-c', ':']).error === undefined,
  )
  test.each(shells.map(words => [words.join(' '), words] as const))('in %s', async (_, words) => {
    const look = (target: number, age: number) => {
      const [program, ...args] = words as [string, ...string[]]
      return spawnSync(program, [...args, '-c', leftText(target, age)], { encoding: 'utf8' })
    }
    const group = spawn('sh', ['-c', 'sleep 1.5; read -r line'], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    const ended = new Promise<NodeJS.Signals | null>(resolve => group.once('exit', (_, signal) => resolve(signal)))
    await sleep(300)
    expect(look(-group.pid!, 1)).toMatchObject({ status: 0, stdout: 'busy\n', stderr: '' })
    // A machine that was booted since has none of it.
    expect(look(-group.pid!, 1e9).stdout).toBe('')
    await sleep(1700)
    expect(look(-group.pid!, 1).stdout).toBe('')
    expect(await ended).toBe('SIGTERM')
  })
})
