import { describe, expect, test } from 'vitest'
import { commandRun } from '../../src/changes/command-run.ts'
import type { ChangeKind } from '../../src/changes/kind.ts'
import { rebootKind } from '../../src/changes/reboot.ts'
import type { Event } from '../../src/core/event.ts'
import type { Module } from '../../src/core/module.ts'
import { command } from '../../src/modules/command.ts'
import { pause } from '../../src/modules/pause.ts'
import { reboot } from '../../src/modules/reboot.ts'
import { waitFor } from '../../src/modules/wait_for.ts'
import type { QuestionKind } from '../../src/questions/kind.ts'
import { World } from './memory.ts'
import { type Ran, run, said } from './run.ts'

/** What is really asked and done, on hosts that are maps of keys. */
const told = (kind: string, answer: (value: string | null) => unknown): QuestionKind<{ readonly path?: string }> => ({
  kind,
  sh: args => `get ${args.map(arg => arg?.path ?? kind).join(' ')}`,
  parse: ({ stdout }) => (JSON.parse(Buffer.from(stdout).toString()) as (string | null)[]).map(answer),
})
const does = (kind: ChangeKind<never>): ChangeKind =>
  ({
    ...kind,
    carry: () => ({ script: `set ${kind.kind} done`, own: true }),
    outcome: () => ({ rc: 0 }),
  }) as unknown as ChangeKind
const more = {
  modules: [pause, waitFor, command, reboot] as unknown as readonly Module[],
  questions: [
    told('file', value => ({ type: value === null ? 'absent' : 'file' })),
    told('run', () => ({ rc: 0, stdout: '', stderr: '', start: 0, end: 0 })),
    told('mark', () => ({ set: false, reasons: [] })),
    told('k3s.member', () => ({ role: 'none', active: false })),
  ] as QuestionKind[],
  changes: [does(commandRun as ChangeKind<never>), does(rebootKind as ChangeKind<never>)],
}

interface Barrier {
  readonly task: string
  readonly check?: boolean
  /** What alters x as if by itself: it happens as the barrier is waited at, or done. */
  arrives(world: World, host: string): boolean
}

/** Whether so many looks at a key, or a change of it, have been seen. */
function seen(what: 'get' | 'set', key: string, times = 1): Barrier['arrives'] {
  return (world, host) => world.frames.filter(isOf(host, what, key)).length >= times
}

function isOf(host: string, what: string, key: string) {
  return ([of, ...scripts]: readonly string[]) =>
    of === host && scripts.some(script => script.startsWith(what) && script.split(' ').includes(key))
}

const barriers: { readonly [name: string]: Barrier } = {
  pause: { task: 'pause: {seconds: 0.05}', arrives: () => false },
  wait_for: { task: 'wait_for: {path: /f, sleep: 0.1}', arrives: seen('get', '/f', 2) },
  until: { task: 'look: {name: w}, register: u, until: u.seen == "1", delay: 0', arrives: seen('get', 'w', 2) },
  reboot: { task: 'reboot: {force: true}', arrives: seen('set', 'reboot') },
  'a command': { task: 'command: make', arrives: seen('set', 'command.run') },
  'check_mode: false': { task: 'key: {name: k, value: v}, check_mode: false', check: true, arrives: seen('set', 'k') },
}

/** A world in which x is old before the barrier on a host, and new after it. */
function worldOf({ arrives }: Barrier, host: string): { readonly world: World; heed(event: Event): void } {
  const world = new World()
  world.boots.set('a', 'a1').set('b', 'b1')
  for (const name of ['a', 'b']) world.store(name).set('x', 'old').set('q', 'v')
  const alter = () => {
    for (const key of ['/f', 'w']) world.store(host).set(key, '1')
    for (const name of ['a', 'b']) world.store(name).set('x', 'new')
  }
  world.meanwhile = (what, of, key) => {
    if (what === 'set' && key === 'reboot') world.boots.set(of, 'another')
    if (arrives(world, host)) alter()
  }
  return { world, heed: event => void (event.type === 'host.waiting' && event.what.includes('to pass') && alter()) }
}

function play(barrier: Barrier, tasks: readonly string[], on = 'a'): Promise<Ran & { readonly world: World }> {
  const { world, heed } = worldOf(barrier, on)
  const site = `- hosts: ${on === 'a' ? 'a' : 'a,b'}\n  tasks:\n${tasks.map(task => `    - {${task}}\n`).join('')}`
  const files = { 'site.yml': site }
  return run(world, { files, check: barrier.check ?? false, more, heed }).then(ran => ({ ...ran, world }))
}

describe.each(Object.entries(barriers))('%s is a barrier', (name, barrier) => {
  test('what was looked ahead before it is not used after it', async () => {
    const ran = await play(barrier, [
      'name: before, key: {name: q, value: v}',
      `name: barrier, ${barrier.task}`,
      'name: after, key: {name: x, value: new}',
    ])
    expect(ran.ends.at(-1)).toBe('after a ok')
    // A reboot asks first whether it is wanted: what comes after it goes along.
    expect(ran.world.frames.filter(isOf('a', 'get', 'x'))).toHaveLength(name === 'reboot' ? 2 : 1)
  })

  test('an open answer from before it is not used after it, on another host', async () => {
    const tasks = [
      'name: before, look: {name: x}',
      `name: barrier, when: inventory_hostname == "b", ${barrier.task}`,
      'name: after, look: {name: x}, register: r',
      'name: tell, debug: {msg: "{{r.seen}}"}',
    ]
    expect(said(await play(barrier, tasks, 'b'), 'a')).toEqual(['new'])
  })
})

// What really runs in a check drops no more than a change of its kind does.
test.each(Object.entries(barriers).filter(([, { check }]) => !check))(
  '%s: nor is what was asked of its own host',
  async (_, barrier) => {
    const ran = await play(barrier, [
      'name: before, key: {name: x, value: old}',
      `name: barrier, ${barrier.task}`,
      'name: after, key: {name: x, value: new}',
    ])
    expect(ran.ends.at(-1)).toBe('after a ok')
  },
)

test('a readonly command is none: what was asked before it is used after it', async () => {
  const ran = await play({ task: 'command: look, readonly: true', arrives: () => false }, [
    'name: before, key: {name: x, value: old}',
    'name: look, command: uptime, readonly: true',
    'name: after, key: {name: x, value: old}',
  ])
  expect(ran.ends).toEqual(['before a ok', 'look a ok', 'after a ok'])
  expect(ran.world.frames.filter(isOf('a', 'get', 'x'))).toHaveLength(1)
})
