import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { playOf, realParts } from './play.ts'
import { openScratch } from './scratch.ts'
import { placed, type Trial } from './trial.ts'
import type { World } from './world.ts'

let world: World

beforeAll(() => {
  world = openScratch()
})
afterAll(() => world.close())

/** How each task ends in a check and in the run after it, and how what it would write is shown. */
async function both(trial: Trial) {
  const here = placed(trial, world.root)
  await world.prepare(here.found)
  const play = playOf(world, realParts, here)
  try {
    const check = await play.run(true)
    const run = await play.run(false)
    const told = (ran: typeof run) => ran.ends.map(end => `${end.task.name} ${end.status}`)
    const texts = (ran: typeof run) => ran.ends.map(end => end.changes.map(change => change.diff.after))
    return { check: told(check), run: told(run), checked: check.ends, seen: [texts(check), texts(run)] as const }
  } finally {
    play.close()
  }
}

/** Each broke "check = run" in a prototype. */
describe('the traps of a check', () => {
  test('1: a parent folder that is absent yet, or a file; an owner that does not exist', async () => {
    const made = await both({
      found: '',
      tasks: [
        { name: 'folder', file: { path: '/law/a/b', state: 'directory' } },
        { name: 'file', copy: { dest: '/law/a/b/c', content: 'x\n' } },
        { name: 'orphan', copy: { dest: '/law/no/c', content: 'x\n' } },
      ],
    })
    expect(made.check).toEqual(['folder changed', 'file changed', 'orphan failed'])
    expect(made.run).toEqual(made.check)
    const under = await both({
      found: 'echo x > f',
      tasks: [{ name: 'below', copy: { dest: '/law/f/c', content: 'x\n' } }],
    })
    expect([under.check, under.run]).toEqual([['below failed'], ['below failed']])
    const nobody = await both({
      found: '',
      tasks: [{ name: 'own', copy: { dest: '/law/f', content: 'x\n', owner: 'no-such-user' } }],
    })
    expect([nobody.check, nobody.run]).toEqual([['own failed'], ['own failed']])
  })

  test('2: a write through a link that is only planned, and a later look at the real path', async () => {
    const seen = await both({
      found: 'mkdir real',
      tasks: [
        { name: 'link', file: { src: '/law/real', path: '/law/link', state: 'link' } },
        { name: 'write', copy: { dest: '/law/link/f', content: 'one\n' } },
        { name: 'line', lineinfile: { path: '/law/real/f', line: 'two' } },
        { name: 'same', copy: { dest: '/law/real/f', content: 'one\ntwo\n' } },
      ],
    })
    expect(seen.check).toEqual(['link changed', 'write changed', 'line changed', 'same ok'])
    expect(seen.run).toEqual(seen.check)
    expect(seen.seen[0]).toEqual(seen.seen[1])
  })

  test('3: content that only a run can tell leaves its file Unknown, and nothing else', async () => {
    const { check } = await both({
      found: 'echo old > f; echo there > g',
      tasks: [
        { name: 'ask', command: 'date', register: 'r' },
        { name: 'write', copy: { dest: '/law/f', content: '{{r.stdout}}' } },
        { name: 'after', lineinfile: { path: '/law/f', line: 'x' } },
      ],
    })
    expect(check).toEqual(['ask changed', 'write unknown', 'after unknown'])
  })

  test('4: a readonly command after a planned change is an assumption; its failure is no failure', async () => {
    const { check, run, checked } = await both({
      found: 'touch g',
      tasks: [
        { name: 'make', copy: { dest: '/law/f1', content: 'x' } },
        { name: 'test', command: 'test -e /law/f1', readonly: true },
        { name: 'well', command: 'test -e /law/g', readonly: true },
      ],
    })
    expect(check).toEqual(['make changed', 'test unknown', 'well ok'])
    expect(run).toEqual(['make changed', 'test ok', 'well ok'])
    expect(checked[2]).toHaveProperty('assumed')
  })

  test('5: after what may bring it, "not there" is Unknown, and what is there is an assumption', async () => {
    const { check, checked } = await both({
      found: 'echo x > there',
      tasks: [
        { name: 'bring', command: 'touch /law/brought' },
        { name: 'absent', copy: { dest: '/law/brought', content: '' } },
        { name: 'found', copy: { dest: '/law/there', content: 'x\n' } },
      ],
    })
    expect(check).toEqual(['bring changed', 'absent unknown', 'found ok'])
    expect(checked[2]).toHaveProperty('assumed')
  })

  test('6: what a command saw is never used after a change, on any host', async () => {
    const { run } = await both({
      found: '',
      tasks: [
        { name: 'make', copy: { dest: '/law/f', content: 'x' } },
        { name: 'look', command: 'cat /law/f', readonly: true, register: 'seen' },
        { name: 'alter', copy: { dest: '/law/f', content: 'y' } },
        { name: 'again', command: 'cat /law/f', readonly: true, register: 'seen' },
        { name: 'prove', assert: { that: ['seen.stdout == "y"'] } },
      ],
    })
    expect(run.at(-1)).toBe('prove ok')
  })

  test('7: past a register the look ahead goes on, but never with an older value of that name', async () => {
    const { check, run } = await both({
      found: 'echo new > f; echo x > new; echo y > old',
      tasks: [
        { name: 'set', set_fact: { which: 'old' } },
        { name: 'read', command: 'cat /law/f', readonly: true, register: 'which' },
        { name: 'use', copy: { dest: '/law/{{which.stdout}}', content: 'x\n' } },
        { name: 'other', copy: { dest: '/law/old', content: 'y\n' } },
      ],
    })
    expect([check, run]).toEqual([
      ['set ok', 'read ok', 'use ok', 'other ok'],
      ['set ok', 'read ok', 'use ok', 'other ok'],
    ])
  })
})

test('a folder on a path that goes down and up again through one that is not there', async () => {
  const made = await both({
    found: '',
    tasks: [{ name: 'one', file: { path: '/law/d/../a', state: 'directory' } }],
  })
  expect([made.check, made.run]).toEqual([['one changed'], ['one changed']])
})

test('a hard link of a file to itself, which is only planned', async () => {
  const made = await both({
    found: '',
    tasks: [
      { name: 'write', copy: { dest: '/law/f', content: 'x\n' } },
      { name: 'link', file: { path: '/law/f', src: '/law/f', state: 'hard' } },
    ],
  })
  expect([made.check, made.run]).toEqual([
    ['write changed', 'link ok'],
    ['write changed', 'link ok'],
  ])
})

test('what is in a folder behind a link, where a file is only planned', async () => {
  const { check, run } = await both({
    found: 'mkdir real; ln -s real link; touch real/there; chmod 0644 real/there',
    tasks: [
      { name: 'write', copy: { dest: '/law/link/f', content: 'x\n', mode: '0600' } },
      { name: 'modes', file: { path: '/law/link', state: 'directory', recurse: true, mode: 'u=rwX,go=rX' } },
    ],
  })
  expect([check, run]).toEqual([
    ['write changed', 'modes unknown'],
    ['write changed', 'modes changed'],
  ])
})
