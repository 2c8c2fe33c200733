import { describe, expect, test } from 'vitest'
import type { ChangeKind } from '../../src/changes/kind.ts'
import { Failure } from '../../src/core/diagnostic.ts'
import type { Section } from '../../src/core/section.ts'
import { alongBehind } from '../../src/engine/along.ts'
import type { Open } from '../../src/engine/foresight.ts'
import { HostState } from '../../src/engine/host.ts'
import type { Site } from '../../src/engine/site.ts'
import type { QuestionKind } from '../../src/questions/kind.ts'
import { changes, World } from './memory.ts'
import { run } from './run.ts'

const site = (tasks: string) => ({ 'site.yml': `- hosts: a\n  tasks:\n${tasks.replace(/^/gm, '    ')}\n` })
const still = (kind: ChangeKind): ChangeKind => ({
  ...kind,
  carry: change => ({ ...kind.carry(change), still: true }),
})
const onA = (world: World) => world.frames.map(([, ...scripts]) => scripts.filter(script => !script.startsWith('note')))

describe('what comes next is asked in the frame of a change', () => {
  test('and answered as it is after it', async () => {
    const world = new World()
    world.store('a').set('k', '0')
    const tasks = ['1', '2', '3'].map(value => `- {register: r${value}, key: {name: k, value: "${value}"}}`)
    const ran = await run(world, { files: site(`${tasks.join('\n')}\n- {key: {name: seen, value: "{{r3.before}}"}}`) })
    expect(ran.ends.map(end => end.split(' ').at(-1))).toEqual(['changed', 'changed', 'changed', 'changed'])
    expect(onA(world).slice(0, 3)).toEqual([['get k'], ['set k 1', 'get k'], ['set k 2', 'get k']])
    expect(world.store('a').get('seen')).toBe('2')
  })

  test('a change that fails leaves no answer behind it', async () => {
    const world = new World()
    const fails = '- {key: {name: fail, value: x}, ignore_errors: true}'
    await run(world, { files: site(`${fails}\n- {key: {name: fail, value: x}, ignore_errors: true}`) })
    expect(onA(world).filter(scripts => scripts.length > 0)).toEqual([
      ['get fail'],
      ['fail x', 'get fail'],
      ['get fail'],
      ['fail x'],
    ])
  })

  test('behind what has a channel of its own, where nothing is left that could write to it', async () => {
    const world = new World()
    const more = { changes: changes.map(kind => (kind.kind === 'opaque' ? still(kind) : kind)) }
    await run(world, { files: site('- {opaque: {}}\n- {key: {name: k, value: v}}'), more })
    expect(onA(world)).toContainEqual(['set opaque done', 'get k'])
  })

  test('not behind what has a channel of its own', async () => {
    const world = new World()
    await run(world, { files: site('- {opaque: {}}\n- {key: {name: k, value: v}}') })
    expect(onA(world).filter(([script]) => script?.startsWith('set opaque'))).toEqual([['set opaque done']])
  })
})

describe('what is remembered of it', () => {
  const kind: QuestionKind<string, string> = {
    kind: 'word',
    sh: words => `say ${words.join(' ')}`,
    parse({ stdout }) {
      const text = Buffer.from(stdout).toString()
      if (text === 'garbage') throw new Failure({ code: 'bad-answer', message: text })
      return text.split(' ')
    },
  }
  const said = (text: string): Section => ({
    stdout: Buffer.from(text),
    stderr: Buffer.of(),
    code: 0,
    truncated: false,
  })
  const none = new AbortController().signal

  async function behind(kinds: readonly QuestionKind[]) {
    const state = new HostState('a', new World().dialer, none)
    const open: readonly Open[] = kinds.map((kind, index) => ({ index, kind, key: 'k', arg: 'k' }))
    const ground: Partial<Site> = {
      acting: state,
      predicting: false,
      environment: [],
      identity: () => ({}),
      changes: () => 7,
      ahead: async () => open,
    }
    return { state, along: await alongBehind(ground as Site, state) }
  }

  test('the answers', async () => {
    const { along } = await behind([kind as QuestionKind])
    expect(along.groups.map(group => group.script)).toEqual(['say k'])
    expect(along.heard([said('one')])).toMatchObject([{ answer: 'one', changes: 7 }])
  })

  test('nothing where something else was changed there meanwhile', async () => {
    const { state, along } = await behind([kind as QuestionKind])
    state.answers.drop(['word:other'])
    expect(along.heard([said('one')])).toEqual([])
  })

  test('nothing of garbage, nor of what it did not come to', async () => {
    const { along } = await behind([kind, { ...kind, kind: 'other' }] as readonly QuestionKind[])
    expect(along.heard([said('garbage')])).toEqual([])
    expect(along.heard([said('garbage'), said('two')])).toMatchObject([{ answer: 'two' }])
  })

  test('open questions stay behind: other hosts may still be changing', async () => {
    const { along } = await behind([{ ...kind, open: true }] as readonly QuestionKind[])
    expect(along.groups).toEqual([])
  })
})
