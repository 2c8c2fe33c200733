import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/core/event.ts'
import { Secret } from '../../src/core/secret.ts'
import { createHuman, type HumanOptions } from '../../src/report/human.ts'
import { capture, counts, end, runEnd, spanOf, task, write } from './capture.ts'

function shown(events: readonly Event[], options: Partial<HumanOptions> = {}): string {
  const out = capture()
  const human = createHuman({ write: out.write, color: false, diff: true, verbosity: 0, ...options })
  for (const event of events) human.emit(event)
  human.close()
  return out.text()
}

const start: Event = { type: 'run.start', run: 'r', time: 't', version: 'v', check: false, playbooks: [], hosts: [] }
const checking: Event = { ...start, check: true }

describe('tasks', () => {
  const quiet = [task('a'), task('b'), task('c')]
  const loud = task('Set it', { role: 'base' })
  const cases: [string, readonly Event[], string, Partial<HumanOptions>?][] = [
    [
      'those with nothing to do become a count',
      [
        start,
        { type: 'play.start', play: 'Join', place: 'site.yml:1:3', hosts: ['h1', 'h2'] },
        ...quiet.flatMap((task, i): Event[] => [
          end(task, 'h1', { status: i === 2 ? 'skipped' : 'ok' }),
          { type: 'task.end', task },
        ]),
        { type: 'play.end', play: 'Join' },
      ],
      '\nPLAY Join · h1, h2\n2 tasks ok, 1 task skipped\n',
    ],
    [
      'the same on two hosts is said once',
      [
        end(loud, 'h1', { status: 'changed', changes: [write('h1', 'a\n', 'b\n')] }),
        end(loud, 'h2', { status: 'changed', changes: [write('h2', 'a\n', 'b\n')] }),
        end(loud, 'h3'),
        { type: 'task.end', task: loud },
      ],
      'base : Set it · site.yml:3:5\n  changed: h1, h2\n    write /etc/x\n      @@ -1 +1 @@\n      -a\n      +b\n',
    ],
    [
      'what differs is said apart, items too',
      [
        end(loud, 'h1', { status: 'changed', item: 'one', message: 'm' }),
        end(loud, 'h1', { status: 'changed', item: 'two', message: 'm' }),
        end(loud, 'h2', { status: 'changed', item: 'two', message: 'm' }),
        { type: 'task.end', task: loud },
      ],
      'base : Set it · site.yml:3:5\n  changed: h1 (one)\n    m\n  changed: h1, h2 (two)\n    m\n',
    ],
    [
      'a check says would change, known after apply, assumed',
      [
        checking,
        end(loud, 'h1', { status: 'changed', assumed: 'package x may alter it', notified: ['restart'] }),
        end(loud, 'h2', { status: 'unknown', unknown: 'the output of Make it' }),
        end(loud, 'h3', { status: 'ok', ranInCheck: true }),
        { type: 'task.end', task: loud },
      ],
      [
        'check: this is what a run would do; nothing is changed',
        'base : Set it · site.yml:3:5',
        '  would change: h1 (assumed: package x may alter it; would notify restart)',
        '  known after apply: h2',
        '    the output of Make it',
        '  ok: h3 (ran in check)',
        '',
      ].join('\n'),
    ],
    [
      'a task that really ran in a check has changed',
      [checking, end(loud, 'h1', { status: 'changed', ranInCheck: true }), { type: 'task.end', task: loud }],
      'check: this is what a run would do; nothing is changed\nbase : Set it · site.yml:3:5\n  changed: h1 (ran in check)\n',
    ],
    [
      'a change elsewhere names where',
      [
        end(loud, 'h1', { status: 'changed', delegate: 'server', changes: [write('server', null, 'x\n')] }),
        end(loud, 'h2', { status: 'changed', changes: [write('server', null, 'x\n')] }),
        { type: 'task.end', task: loud },
      ],
      [
        'base : Set it · site.yml:3:5',
        '  changed: h1 (on server)',
        '    write /etc/x',
        '      @@ -0,0 +1 @@',
        '      +x',
        '  changed: h2',
        '    write /etc/x (on server)',
        '      @@ -0,0 +1 @@',
        '      +x',
        '',
      ].join('\n'),
    ],
    [
      'a failure has cause and cure',
      [
        end(loud, 'h1', {
          status: 'failed',
          diagnostic: { code: 'disk-full', message: 'no room', cause: 'ENOSPC', hint: 'free some', host: 'h1' },
        }),
        end(loud, 'h2', { status: 'failed', ignored: true, diagnostic: { code: 'task-failed', message: 'no' } }),
        { type: 'task.end', task: loud },
      ],
      [
        'base : Set it · site.yml:3:5',
        '  failed: h1',
        '    error[disk-full]: no room',
        '      cause: ENOSPC',
        '      hint: free some',
        '  failed, ignored: h2',
        '    error[task-failed]: no',
        '',
      ].join('\n'),
    ],
    [
      'without --diff only facets and summaries',
      [
        end(loud, 'h1', {
          status: 'changed',
          changes: [
            {
              kind: 'file.write',
              host: 'h1',
              diff: {
                subject: '/x',
                summary: 'write /x',
                before: 'a',
                after: 'b',
                facets: [{ name: 'mode', before: '0644', after: '0600' }],
              },
            },
          ],
        }),
        { type: 'task.end', task: loud },
      ],
      'base : Set it · site.yml:3:5\n  changed: h1\n    write /x\n      mode: 0644 → 0600\n',
      { diff: false },
    ],
    [
      'an open task is shown when the run is interrupted',
      [end(loud, 'h1', { status: 'changed' }), { type: 'cancelled', signal: 'SIGINT', hosts: {} }],
      'base : Set it · site.yml:3:5\n  changed: h1\ninterrupted (SIGINT)\n',
    ],
    [
      'what debug says is shown',
      [
        end(task('say', { id: 900, module: 'debug' }), 'h1', { message: 'hello' }),
        { type: 'task.end', task: task('say', { id: 900, module: 'debug' }) },
      ],
      'say · site.yml:3:5\n  ok: h1\n    hello\n',
    ],
  ]
  it.each(cases)('%s', (_, events, text, options) => {
    expect(shown(events, options)).toBe(text)
  })

  it('a failure says where, unless that is the task itself', () => {
    const source = { file: 'site.yml', text: '\n\n    - copy:\n        src: x\n' }
    const failed = (what: string): Event => {
      const diagnostic = { code: 'task-failed', message: 'no', span: spanOf(source, what) } as const
      return end(task('t', { id: 901, place: 'site.yml:3:5' }), 'h', { status: 'failed', diagnostic })
    }
    const done: Event = { type: 'task.end', task: task('t', { id: 901 }) }
    expect(shown([failed('- copy'), done])).not.toContain('at site.yml')
    expect(shown([failed('x'), done])).toContain('at site.yml:4:14')
  })

  it('with -v shows every task, with -vv results', () => {
    const events: Event[] = [end(loud, 'h1', { result: { changed: false, rc: 7 } }), { type: 'task.end', task: loud }]
    expect(shown(events, { verbosity: 1 })).toBe('base : Set it · site.yml:3:5\n  ok: h1\n')
    expect(shown(events, { verbosity: 2 })).toContain('"rc": 7')
  })
})

describe('hosts', () => {
  it('a lost host is explained once', () => {
    const it = task('t')
    const diagnostic = { code: 'unreachable', message: 'no route', hint: 'switch it on' } as const
    const text = shown([
      { type: 'host.unreachable', host: 'h1', diagnostic },
      end(it, 'h1', { status: 'unreachable', diagnostic }),
      { type: 'task.end', task: it },
    ])
    expect(text.match(/no route/g)).toHaveLength(1)
    expect(text).toContain('unreachable: h1')
  })

  it('waiting lines come after some seconds and each half minute', () => {
    const it = task('t')
    const waiting = (elapsed: number): Event => ({ type: 'host.waiting', task: it, host: 'h', what: 'Node h', elapsed })
    const text = shown([2, 4, 20, 33, 40, 64].map(waiting))
    expect(text).toContain('t · h: waiting for Node h (20 s)\n')
    expect(text.match(/waiting for Node h \((\d+)/g)).toEqual([20, 64].map(s => `waiting for Node h (${s}`))
  })

  it('the end counts a line a host', () => {
    const text = shown([
      runEnd({ h1: counts({ ok: 3, changed: 1 }), longer: counts({ failed: 1, unreachable: true }) }),
    ])
    expect(text).toBe(
      [
        '',
        'h1      ok=3 changed=1 failed=0 skipped=0 unreachable=0 unknown=0  2 round trips',
        'longer  ok=0 changed=0 failed=1 skipped=0 unreachable=1 unknown=0  2 round trips',
        '840 ms, 4 round trips',
        '',
      ].join('\n'),
    )
  })

  it('a host that was only asked has nothing to count', () => {
    expect(shown([runEnd({ server: counts() })])).toContain('server  only asked  2 round trips\n')
  })

  it('a check says what would change', () => {
    const text = shown([runEnd({ h1: counts({ changed: 2 }) }, { check: true })])
    expect(text).toContain('would change=2')
    expect(text).toContain('check only, nothing was changed')
  })
})

describe('what hosts say', () => {
  const evil = 'a\x1b[2Jb\x9b31m\x07\u202ec\rd'
  it('never reaches the terminal raw', () => {
    const it = task(evil)
    const text = shown(
      [
        end(it, evil, {
          status: 'failed',
          item: evil,
          message: evil,
          assumed: evil,
          result: { stdout: evil },
          changes: [write(evil, `${evil}\n`, `${evil}2\n`)],
          diagnostic: { code: 'task-failed', message: evil, cause: evil, hint: evil },
        }),
        { type: 'task.end', task: it },
        { type: 'warning', diagnostic: { code: 'task-failed', message: evil } },
        runEnd({ [evil]: counts() }),
      ],
      { verbosity: 2 },
    )
    expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/)
    expect(text).toContain('\\x1b[2J')
  })

  it('shows no secret, wherever it slips in', () => {
    const secret = new Secret('hunter2-hunter2')
    const it = task('t')
    const text = shown([
      end(it, 'h', {
        status: 'changed',
        message: 'password hunter2-hunter2',
        changes: [{ kind: 'x', host: 'h', diff: { subject: 's', summary: 's', before: 'x', after: secret } }],
      }),
      { type: 'task.end', task: it },
    ])
    expect(text).not.toContain('hunter2')
    expect(text).toContain('(content is secret)')
  })
})

describe('mistakes', () => {
  it('come with place, line and caret', () => {
    const out = capture()
    const human = createHuman({ write: out.write, color: false, diff: false, verbosity: 0 })
    const source = { file: 'site.yml', text: '- hosts: all\n  tsks: []\n' }
    human.mistakes([
      { code: 'unknown-key', message: "unknown key 'tsks'", span: spanOf(source, 'tsks'), hint: 'tasks?' },
    ])
    expect(out.text()).toBe(
      [
        "error[unknown-key]: unknown key 'tsks'",
        '  at site.yml:2:3',
        '  2 |   tsks: []',
        '    |   ^^^^',
        '  hint: tasks?',
        '',
      ].join('\n'),
    )
  })
})
