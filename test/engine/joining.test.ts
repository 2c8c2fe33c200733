import { describe, expect, test } from 'vitest'
import type { ChangeKind } from '../../src/changes/kind.ts'
import {
  changed,
  defineModule,
  type Module,
  type Plan,
  type Settle,
  type Settled,
  unchanged,
} from '../../src/core/module.ts'
import { type Asking, ask } from '../../src/core/question.ts'
import { reveal } from '../../src/core/secret.ts'
import type { QuestionKind } from '../../src/questions/kind.ts'
import { localTemplate, localTemplateKind } from '../../src/questions/local.ts'
import { changes, keyValue, type SetKey, World } from './memory.ts'
import { type RunInput, run } from './run.ts'

const play = (tasks: string, head = 'hosts: a') => ({
  'site.yml': `- ${head}\n  tasks:\n${tasks.replace(/^/gm, '    ')}\n`,
})
const put2 = (name: string, more = '') => `- {name: ${name}, leaf: {name: ${name}, value: v}${more}}`

/** What was carried, frame by frame. */
function frames(world: World, host = 'a'): readonly (readonly string[])[] {
  return world.frames
    .filter(([name]) => name === host)
    .map(([, ...scripts]) => scripts.filter(script => /^(set|fail|owe) /.test(script)))
    .filter(scripts => scripts.length > 0)
}

const go = (world: World, tasks: string, input: Partial<RunInput> & { head?: string } = {}) =>
  run(world, { files: play(tasks, input.head), ...input })

describe('changes of consecutive tasks share a frame', () => {
  test('and are told each at its turn', async () => {
    const world = new World()
    world.store('a').set('y', 'v')
    const ran = await go(world, ['x', 'y', 'z'].map(name => put2(name)).join('\n'))
    expect(frames(world)).toEqual([['set x v', 'set z v']])
    expect(ran.ends).toEqual(['x a changed', 'y a ok', 'z a changed'])
    const carried = ran.lines.flatMap(line => (line.type === 'carried' ? [line.task.name] : []))
    expect(carried).toEqual(['x', 'z'])
    expect(ran.events.flatMap(event => (event.type === 'host.end' ? event.changes.length : []))).toEqual([1, 0, 1])
    // The first question, and the frame.
    expect(world.frames.filter(([, first]) => first !== 'note lock.release')).toHaveLength(2)
  })

  test('what comes behind them is asked in that frame', async () => {
    const world = new World()
    const tasks = [put2('x'), put2('z'), '- {name: k, key: {name: x, value: w}}']
    const ran = await go(world, tasks.join('\n'))
    expect(world.frames.map(([, ...scripts]) => scripts.filter(script => !script.startsWith('note')))).toEqual([
      ['get x z'],
      ['set x v', 'set z v', 'get x'],
      ['set x w'],
      [],
    ])
    expect(ran.ends).toEqual(['x a changed', 'z a changed', 'k a changed'])
  })

  test('all items of a loop, whatever the strategy', async () => {
    const world = new World()
    const ran = await go(world, '- {name: t, leaf: {name: "{{item}}", value: v}, loop: [x, y, x, z]}', {
      head: 'hosts: a,b',
    })
    for (const host of ['a', 'b']) {
      // The second x looks at what the first one has put.
      expect(frames(world, host)).toEqual([['set x v', 'set y v'], ['set z v']])
      expect(ran.ends.filter(end => end.includes(` ${host} `))).toEqual([
        `t[x] ${host} changed`,
        `t[y] ${host} changed`,
        `t[x] ${host} ok`,
        `t[z] ${host} changed`,
      ])
    }
  })

  test('not of two tasks while another host is waited for, but with the free strategy', async () => {
    const linear = new World()
    await go(linear, `${put2('x')}\n${put2('y')}`, { head: 'hosts: a,b' })
    expect(frames(linear)).toEqual([['set x v'], ['set y v']])
    const free = new World()
    await go(free, `${put2('x')}\n${put2('y')}`, { head: 'hosts: a,b\n  strategy: free' })
    expect(frames(free)).toEqual([['set x v', 'set y v']])
  })
})

describe('what must not join', () => {
  const apart = [['set x v'], ['set y v']]
  test.each([
    ['what looks at the same thing', '- {leaf: {name: x, value: w}}', [['set x v'], ['set x w']]],
    [
      'what reads a register of one before',
      '- {leaf: {name: y, value: "{{r.changed}}"}}',
      [['set x v'], ['set y true']],
    ],
    ['what a condition on it decides', put2('y', ', when: r.changed'), apart],
    ['who acts as one before it says', put2('y', ', vars: {ansible_become: "{{r.changed}}"}'), apart],
    ['what rides with nobody', '- {key: {name: y, value: v}}', apart],
    [
      'what is judged by its own words',
      `${put2('y', ', failed_when: false')}\n${put2('z')}`,
      [['set x v', 'set y v'], ['set z v']],
    ],
    ['what stands behind an assertion', `- {assert: {that: ["true"]}}\n${put2('y')}`, apart],
    ['what is tried until it is true', put2('y', ', until: "true"'), apart],
    ['what reads a fact', put2('y', ', when: ansible_facts.color == null'), apart],
    ['what reads another host', put2('y', ', when: hostvars.b.inventory_hostname == "b"'), apart],
    ['what somebody else does', put2('y', ', become: true'), apart],
    ['what has its own time', put2('y', ', timeout: 5'), apart],
    ['what only predicts', `${put2('y', ', check_mode: true')}\n${put2('z')}`, [['set x v'], ['set z v']]],
    [
      'what looks at what one that joined has changed',
      `${put2('y')}\n- {leaf: {name: y, value: w}}`,
      [['set x v', 'set y v'], ['set y w']],
    ],
    [
      'what reads what one that joined registers',
      `${put2('y', ', register: s')}\n- {leaf: {name: z, value: "{{s.changed}}"}}`,
      [['set x v', 'set y v'], ['set z true']],
    ],
  ])('%s', async (_, second, carried) => {
    const world = new World()
    for (const key of ['y', 'z']) world.store('a').set(key, 'o')
    // Both names have an older value, which is not what is meant, and what is looked at is known.
    const older = ['r, key: {name: y', 's, key: {name: z'].map(text => `- {register: ${text}, value: o}}`).join('\n')
    await go(world, `${older}\n- {name: first, register: r, leaf: {name: x, value: v}}\n${second}`)
    expect(frames(world)).toEqual(carried)
  })

  test.each([
    ['a leader that rides with nobody', '- {key: {name: x, value: v}}', {}],
    ['a leader with its own time', put2('x', ', timeout: 5'), {}],
    ['a leader that waits until it is so', put2('x', ', until: "true"'), {}],
    ['a time for every task', put2('x'), { 'pitool.yml': 'timeout: 5\n' }],
  ])('%s', async (_, first, more) => {
    const world = new World()
    await run(world, { files: { ...play(`${first}\n${put2('y')}`), ...more } })
    expect(frames(world)).toEqual(apart)
  })

  describe('what is not decided by its changes alone', () => {
    const odd = (name: string, more: Partial<Plan>): Module =>
      defineModule({
        name,
        summary: name,
        args: { type: 'object', additionalProperties: false, properties: { name: { type: 'string' } } },
        *plan({ name = '' }) {
          yield* ask(keyValue(name))
          const change: SetKey = { kind: 'leaf.set', key: name, value: 'v' }
          return changed(more.failed ? [] : [change], {}, more)
        },
      }) as unknown as Module
    const waits: Settle = { what: 'nothing', within: 1, look: () => done() }
    function* done(): Asking<Settled> {
      return { done: true }
    }
    const modules = [odd('waits', { settle: waits }), odd('fails', { failed: { code: 'wrong-value', message: 'no' } })]

    test.each([
      ['a plan that waits', '- {waits: {name: y}}', ['x a changed', 'waits a changed', 'z a changed']],
      ['a plan that failed', '- {fails: {name: y}}', ['x a changed', 'fails a failed']],
    ])('%s', async (_, second, ends) => {
      const world = new World()
      const ran = await go(world, [put2('x'), second, put2('z')].join('\n'), { more: { modules } })
      expect(ran.ends).toEqual(ends)
      expect(frames(world)[0]).toEqual(['set x v'])
    })

    test('a leader that waits', async () => {
      const world = new World()
      await go(world, ['- {waits: {name: x}}', put2('y')].join('\n'), { more: { modules } })
      expect(frames(world)).toEqual(apart)
    })
  })

  test('anything, where one is judged by its own words', async () => {
    const world = new World()
    const ran = await go(world, `${put2('x', ', failed_when: true')}\n${put2('y')}`)
    expect(ran.ends).toEqual(['x a failed'])
    expect(frames(world)).toEqual([['set x v']])
  })

  test('what is behind a flush of handlers, where one is notified', async () => {
    const world = new World()
    const files = {
      'site.yml': `- hosts: a
  pre_tasks: [${put2('x', ', notify: h').slice(2)}]
  tasks: [${put2('y').slice(2)}]
  handlers: [{name: h, leaf: {name: z, value: v}}]
`,
    }
    const ran = await run(world, { files })
    expect(
      frames(world)
        .flat()
        .filter(script => script.startsWith('set')),
    ).toEqual(['set x v', 'set z v', 'set y v'])
    expect(ran.ends).toEqual(['x a changed', 'h a changed', 'y a changed'])
  })

  test('what is behind a block in whose always a failed host is', async () => {
    const world = new World()
    const tasks = `- block: [{fail: {msg: no}}]
  always: [${put2('x').slice(2)}]
${put2('y')}`
    const ran = await go(world, tasks)
    expect(frames(world)).toEqual([['set x v']])
    expect(ran.ends).toEqual(['fail a failed', 'x a changed'])
  })
})

describe('a template file', () => {
  /** `page: {name, src}`: keeps a key at what a template gives. */
  const page = defineModule({
    name: 'page',
    summary: 'Keep a key at a text.',
    args: {
      type: 'object',
      required: ['name', 'src'],
      additionalProperties: false,
      properties: { name: { type: 'string' }, src: { type: 'string' } },
    },
    *plan({ name, src }) {
      const text = reveal(yield* ask(localTemplate(src)))
      const before = yield* ask(keyValue(name))
      const change: SetKey = { kind: 'leaf.set', key: name, value: text }
      return before === text ? unchanged() : changed([change])
    },
  })
  const more = { modules: [page as unknown as Module], questions: [localTemplateKind as QuestionKind] }

  test.each([
    ['that reads nothing but what is known', 'of {{inventory_hostname}}', [['set x v', 'set y of a']]],
    ['that reads a register of one before', '{{r.before}}', [['set x v'], ['set y old']]],
    [
      'that reads a fact, which is asked anew after changes',
      'is {{ansible_facts.color}}',
      [['set x v'], ['set y is red']],
    ],
    ['that reads another host', '{{hostvars.b.inventory_hostname}}', [['set x v'], ['set y b']]],
  ])('%s', async (_, text, carried) => {
    const world = new World()
    world.store('a').set('x', 'old').set('color', 'red')
    // The first run of a play knows no register: what it reads then is a mistake, and not looked at ahead either.
    const tasks = `- {name: x, register: r, leaf: {name: x, value: v}}\n- {name: y, page: {name: y, src: page.txt}}`
    const ran = await run(world, { files: { ...play(tasks), 'templates/page.txt': text }, more })
    expect(ran.ends).toEqual(['x a changed', 'y a changed'])
    expect(frames(world)).toEqual(carried)
  })
})

test('a frame has room for some, the next one for more', async () => {
  const world = new World()
  const ran = await go(world, '- {name: t, leaf: {name: "k{{item}}", value: v}, loop: "{{list}}"}', {
    head: `hosts: a\n  vars: {list: [${Array.from({ length: 250 }, (_, i) => i).join(', ')}]}`,
  })
  expect(ran.ends.filter(end => end.endsWith('changed'))).toHaveLength(250)
  expect(frames(world).map(scripts => scripts.length)).toEqual([201, 49])
})

describe('notes of handlers', () => {
  test('lie there before the change that owes them, each once', async () => {
    const world = new World()
    const files = {
      'site.yml': `- hosts: a
  tasks: [${['x', 'y', 'z'].map((name, i) => put2(name, i > 0 ? ', notify: h' : '').slice(2)).join(', ')}]
  handlers: [{name: h, leaf: {name: h, value: v}}]
`,
    }
    const ran = await run(world, { files })
    const [first] = frames(world)
    expect(first!.map(script => script.replace(/ .*/s, ''))).toEqual(['set', 'owe', 'set', 'set'])
    expect(ran.ends.at(-1)).toBe('h a changed')
    expect([...world.owed.get('a')!.keys()]).toEqual([])
  })
})

describe('what fails in a frame', () => {
  test('is told at its turn, and nothing is done behind it', async () => {
    const world = new World()
    const ran = await go(world, [put2('x'), put2('fail'), put2('y')].join('\n'))
    expect(ran.ends).toEqual(['x a changed', 'fail a failed'])
    expect(world.store('a').has('y')).toBe(false)
    // A frame stops at its first failure.
    expect(frames(world)).toEqual([
      ['set x v', 'fail v', 'set y v'],
      ['fail v', 'set y v'],
    ])
  })

  test('of the task itself: those that joined are done at their own turn', async () => {
    const world = new World()
    const ran = await go(world, [put2('fail', ', ignore_errors: true'), put2('y')].join('\n'))
    expect(ran.ends).toEqual(['fail a failed ignored', 'y a changed'])
    expect(world.store('a').get('y')).toBe('v')
  })

  test.each(['before', 'after'] as const)(
    'the connection, %s one that joined: each is told as changed, once done',
    async when => {
      const world = new World()
      world.cuts.push({ script: 'set y', when })
      const ran = await go(world, [put2('x'), put2('y', ', notify: h'), put2('z')].join('\n').concat('\n'), {
        files: {
          'site.yml': `- hosts: a
  tasks: [${[put2('x'), put2('y', ', notify: h'), put2('z')].map(text => text.slice(2)).join(', ')}]
  handlers: [{name: h, leaf: {name: h, value: v}}]
`,
        },
      })
      expect(ran.ends).toEqual(['x a changed', 'y a changed', 'z a changed', 'h a changed'])
      for (const key of ['x', 'y', 'z', 'h']) expect(world.store('a').get(key)).toBe('v')
    },
  )
})

test('with the connection goes what was known of those that had nothing to do', async () => {
  const world = new World()
  world.store('a').set('y', 'v')
  world.cuts.push({ script: 'set x', when: 'after' })
  world.meanwhile = (what, host, key) => {
    if (what === 'set' && key === 'x') world.store(host).set('y', 'another')
  }
  const ran = await go(world, [put2('x'), put2('y'), put2('z')].join('\n'))
  expect(ran.ends).toEqual(['x a changed', 'y a changed', 'z a changed'])
  expect(world.store('a').get('y')).toBe('v')
})

test('a script that does several fails for those alone that it holds, and each is looked at again', async () => {
  const world = new World()
  const merged: readonly ChangeKind[] = changes.map(kind =>
    kind.kind === 'leaf.set'
      ? {
          ...kind,
          together: some =>
            some.length > 1
              ? [{ script: 'fail all', of: some.length }]
              : some.map(one => ({ script: kind.carry(one).script, of: 1 })),
        }
      : kind,
  )
  const ran = await go(world, [put2('x'), put2('y'), put2('z')].join('\n'), { more: { changes: merged } })
  expect(ran.ends).toEqual(['x a changed', 'y a changed', 'z a changed'])
  expect(frames(world)).toEqual([['set x v', 'fail all'], ['set y v'], ['set z v']])
})

test('what failed behind the task is told as it is found at its turn: somebody else may have done it', async () => {
  const world = new World()
  world.meanwhile = (what, host, key) => {
    if (what === 'set' && key === 'x') world.store(host).set('y', 'v')
  }
  const refused = changes.map(kind => {
    const carry = (change: SetKey) => ({ script: change.key === 'y' ? 'fail it has come' : `set ${change.key} v` })
    return kind.kind === 'leaf.set' ? ({ ...kind, carry } as ChangeKind) : kind
  })
  const ran = await go(world, [put2('x'), put2('y'), put2('z')].join('\n'), { more: { changes: refused } })
  expect(ran.ends).toEqual(['x a changed', 'y a ok', 'z a changed'])
  expect(ran.events.flatMap(event => (event.type === 'host.end' ? [event.changes.length] : []))).toEqual([1, 0, 1])
})

describe('a run that is stopped', () => {
  test('tells what was done ahead of its turn, and begins nothing more', async () => {
    const world = new World()
    const stop = new AbortController()
    world.meanwhile = (what, _host, key) => {
      if (what === 'set' && key === 'x') stop.abort('SIGINT')
    }
    const tasks = [
      `- block: [${put2('x').slice(2)}]\n  always: [${put2('y').slice(2)}]`,
      put2('z'),
      '- {name: k, key: {name: k, value: v}}',
    ]
    const ran = await go(world, tasks.join('\n'), { signal: stop.signal })
    expect(ran.ends).toEqual(['x a changed', 'y a changed', 'z a changed'])
    expect(ran.result.exit).toBe(130)
    expect(world.store('a').has('k')).toBe(false)
  })

  test('items of a loop too', async () => {
    const world = new World()
    const stop = new AbortController()
    world.meanwhile = (what, _host, key) => {
      if (what === 'set' && key === 'x') stop.abort('SIGINT')
    }
    const ran = await go(world, '- {name: t, leaf: {name: "{{item}}", value: v}, loop: [x, y, x]}', {
      signal: stop.signal,
    })
    expect(ran.ends).toEqual(['t[x] a changed', 't[y] a changed'])
    expect(ran.result.exit).toBe(130)
  })
})
