import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { changed, defineModule, type Module } from '../../src/core/module.ts'
import { ask } from '../../src/core/question.ts'
import type { QuestionKind } from '../../src/questions/kind.ts'
import { localTemplate, localTemplateKind } from '../../src/questions/local.ts'
import { changes, type SetKey, World } from './memory.ts'
import { type RunInput, run } from './run.ts'

const leaf = (name: string, more = '', value = 'v') => `{name: ${name}, leaf: {name: ${name}, value: ${value}}${more}}`

function go(
  world: World,
  tasks: readonly string[],
  { more = '', ...input }: Partial<Omit<RunInput, 'more'>> & { readonly more?: string } = {},
) {
  const { files, ...rest } = input
  const site = `- hosts: a\n  tasks:\n${tasks.map(task => `    - ${task}\n`).join('')}${more}`
  return run(world, { files: { 'site.yml': site, ...files }, ...rest })
}

const handler = (...names: readonly string[]) => `  handlers: [${names.map(name => leaf(name)).join(', ')}]\n`

/** What was set, in its order. */
const done = (world: World) => world.steps.flatMap(({ at, what }) => (at === 'end' ? [what.replace(/=v$/, '')] : []))

/** A signal comes while a key is set. */
function stoppedAt(world: World, at: string): AbortSignal {
  const stop = new AbortController()
  world.meanwhile = (what, _host, key) => {
    if (what === 'set' && key === at) stop.abort('SIGINT')
  }
  return stop.signal
}

describe('nothing is done before what comes first', () => {
  test.each([
    ['the always of a block', `block: [${leaf('y')}]\n      always: [${leaf('z')}]`, ['x', 'y', 'z', 'w']],
    ['a task behind a noop in a block', `block: [{meta: noop}, ${leaf('y')}]`, ['x', 'y', 'w']],
    ['an include in a block', `block: [${leaf('y')}, {include_tasks: more.yml}]`, ['x', 'y', 'z', 'w']],
    ['handlers in a block', `block: [${leaf('y', ', notify: h')}, {meta: flush_handlers}]`, ['x', 'y', 'h', 'w']],
  ])('%s', async (_, block, order) => {
    const world = new World()
    const files = { 'more.yml': `- ${leaf('z')}\n` }
    const ran = await go(world, [leaf('x'), block, leaf('w')], { files, more: handler('h') })
    expect(ran.result.exit).toBe(0)
    expect(done(world)).toEqual(order)
  })

  test('the other items of an include', async () => {
    const world = new World()
    const files = { 'more.yml': `- ${leaf('"{{item}}"')}\n` }
    await go(world, ['include_tasks: more.yml\n      loop: [x, y]', leaf('w')], { files })
    expect(done(world)).toEqual(['x', 'y', 'w'])
  })

  test('items beyond those that are looked at ahead', async () => {
    const world = new World()
    const list = Array.from({ length: 1001 }, (_, i) => i).join(', ')
    const many = `{name: many, leaf: {name: "k{{item}}", value: v}, loop: [${list}], when: item == 1000}`
    await go(world, [leaf('x'), many, leaf('w')])
    expect(done(world)).toEqual(['x', 'k1000', 'w'])
  })
})

describe('nothing is done behind what fails', () => {
  test('a loop of which an item has', async () => {
    const world = new World()
    const ran = await go(world, ['{name: t, leaf: {name: "{{item}}", value: v}, loop: [fail, x]}', leaf('w')])
    expect(ran.ends).toEqual(['t[fail] a failed', 't[x] a changed'])
    expect(done(world)).toEqual(['x'])
  })

  test('a loop over what is no list', async () => {
    const world = new World()
    const ran = await go(world, [
      leaf('x'),
      '{name: t, leaf: {name: y, value: v}, loop: "{{inventory_hostname}}"}',
      leaf('w'),
    ])
    expect(ran.ends).toEqual(['x a changed', 't a failed'])
    expect(done(world)).toEqual(['x'])
  })

  test('a loop whose items alone could name a handler', async () => {
    const world = new World()
    const loop = '{name: t, leaf: {name: "{{item}}", value: v}, loop: [x, y], notify: "{{item}}"}'
    const ran = await go(world, [loop, leaf('w')], { more: handler('x', 'y') })
    if (ran.result.exit !== 0) expect(done(world)).not.toContain('w')
  })
})

test('what a loop without items registers is read at its turn', async () => {
  const world = new World()
  world.store('a').set('w', 'o')
  const tasks = [
    '{key: {name: o, value: v}, register: r}',
    leaf('w', '', 'o'),
    leaf('x'),
    '{leaf: {name: n, value: v}, loop: [], register: r}',
    leaf('w', ', when: "!has(r.skipped)"'),
  ]
  const ran = await go(world, tasks)
  expect(ran.ends.at(-1)).toBe('w a skipped')
  expect(done(world)).toEqual(['o', 'x'])
})

test('what had nothing to do is looked at again at its turn, behind a rescue', async () => {
  const world = new World()
  world.store('a').set('z', 'v')
  const block = `block: [${leaf('x')}, ${leaf('fail')}]\n      rescue: [${leaf('z', '', 'other')}]\n      always: [${leaf('z')}]`
  const ran = await go(world, [block])
  expect(ran.ends).toEqual(['x a changed', 'fail a failed', 'z a changed', 'z a changed'])
  expect(world.store('a').get('z')).toBe('v')
})

test('what had nothing to do is told as it was found, whatever one behind it has done meanwhile', async () => {
  const world = new World()
  world.store('a').set('y', 'old')
  const tasks = [leaf('x'), leaf('y', '', 'old'), leaf('y')]
  const ran = await go(world, tasks)
  expect(ran.ends).toEqual(['x a changed', 'y a ok', 'y a changed'])
  expect(world.store('a').get('y')).toBe('v')
})

test('after a rescue tasks join again, whatever was in doubt when the block failed', async () => {
  const world = new World()
  world.cuts.push({ script: 'fail', when: 'before' })
  const block = `block: [${leaf('fail')}, ${leaf('y')}]\n      rescue: [${leaf('r')}]`
  const ran = await go(world, [block, leaf('u'), leaf('w')])
  expect(ran.ends).toEqual(['fail a failed', 'r a changed', 'u a changed', 'w a changed'])
  expect(
    world.frames.filter(frame => !frame.includes('fail v')).map(frame => frame.filter(text => /^set/.test(text))),
  ).toContainEqual(['set u v', 'set w v'])
})

test.each(['before', 'after'] as const)(
  'an item keeps its own story, where the connection is lost %s another',
  async when => {
    const world = new World()
    world.store('a').set('y', 'v')
    world.cuts.push({ script: 'set z', when })
    const ran = await go(world, ['{name: t, leaf: {name: "{{item}}", value: v}, loop: [x, y, z]}'])
    expect(ran.ends).toEqual(['t[x] a changed', 't[y] a ok', 't[z] a changed'])
    const subjects = ran.events.flatMap(event =>
      event.type === 'host.end' ? [event.changes.map(({ diff }) => diff.subject)] : [],
    )
    expect(subjects).toEqual([['x'], [], ['z']])
  },
)

test('a note stays until its handler has run, though a task before its own had nothing to do', async () => {
  const world = new World()
  world.store('a').set('y', 'v')
  const tasks = [leaf('x'), leaf('y', ', notify: h'), leaf('z', ', notify: h'), leaf('fail')]
  const ran = await go(world, tasks, { more: handler('h') })
  expect(ran.ends).toEqual(['x a changed', 'y a ok', 'z a changed', 'fail a failed'])
  expect(world.owed.get('a')!.size).toBe(1)
})

describe('a signal in a frame: what was done in it is told', () => {
  test.each([
    ['a task that is skipped', leaf('y', ', when: "false"')],
    ['a task that has nothing to do', leaf('o')],
    ['a loop without items', leaf('y', ', loop: []')],
    ['a block of which nothing was done', `block: [${leaf('y', ', when: "false"')}]\n      always: [${leaf('o')}]`],
  ])('behind %s', async (_, between) => {
    const world = new World()
    world.store('a').set('o', 'v')
    const signal = stoppedAt(world, 'x')
    const ran = await go(world, [leaf('x'), between, leaf('z', ', notify: h'), leaf('fail')], {
      signal,
      more: handler('h'),
    })
    expect(done(world)).toEqual(['x', 'z'])
    expect(ran.ends).toContain('z a changed')
    expect(ran.result.hosts.a?.changed).toBe(2)
    expect(ran.result.exit).toBe(130)
  })

  test('items of a loop too', async () => {
    const world = new World()
    world.store('a').set('y', 'v')
    const signal = stoppedAt(world, 'x')
    const loop = '{name: t, leaf: {name: "{{item}}", value: v}, loop: [x, y, s, z, s], when: item != "s"}'
    const ran = await go(world, [loop, '{key: {name: k, value: v}}'], { signal })
    expect(ran.ends).toEqual(['t[x] a changed', 't[y] a ok', 't[z] a changed'])
    expect(ran.result.exit).toBe(130)
    expect(done(world)).toEqual(['x', 'z'])
  })
})

test('what no_log hides is not named by what it rode with', async () => {
  const world = new World()
  const force = new AbortController()
  const stop = new AbortController()
  world.meanwhile = (what, _host, key) => {
    if (what !== 'set' || key !== 'hidden') return
    stop.abort('SIGINT')
    force.abort('SIGINT')
  }
  const tasks = [leaf('x'), '{name: t, leaf: {name: hidden, value: v}, no_log: true}']
  const ran = await go(world, tasks, { signal: stop.signal, force: force.signal })
  expect(JSON.stringify([ran.events, ran.lines])).toContain('ended in: set x, then what no_log hides')
  expect(JSON.stringify([ran.events, ran.lines])).not.toContain('hidden"')
})

test('a file of the control side that goes before is read at its turn: the host may be the control side', async () => {
  const path = join(tmpdir(), `pitool-joining-${process.pid}.txt`)
  const page = defineModule({
    name: 'page',
    summary: 'Keep a key at a text.',
    args: {
      type: 'object',
      additionalProperties: false,
      properties: { name: { type: 'string' }, src: { type: 'string' } },
    },
    *plan({ name = '', src = '' }) {
      const text = String(yield* ask(localTemplate(src)))
      const change: SetKey = { kind: 'leaf.set', key: name, value: text }
      return changed([change])
    },
  }) as unknown as Module
  const here = changes
    .filter(({ kind }) => kind === 'leaf.set')
    .map(kind => ({ ...kind, footprint: () => [`file:${path}`] }))
  const world = new World()
  world.meanwhile = (what, _host, key) => {
    if (what === 'set' && key === 'x') writeFileSync(path, 'new')
  }
  writeFileSync(path, 'old')
  try {
    const site = `- hosts: a\n  tasks:\n    - ${leaf('x')}\n    - {name: y, page: {name: y, src: ${path}}}\n`
    const more = { modules: [page], questions: [localTemplateKind as QuestionKind], changes: here }
    await run(world, { files: { 'site.yml': site }, more })
    expect(world.store('a').get('y')).toBe('new')
  } finally {
    rmSync(path)
  }
})
