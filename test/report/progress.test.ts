import { describe, expect, it } from 'vitest'
import { createPalette } from '../../src/report/palette.ts'
import { createProgress } from '../../src/report/progress.ts'
import { end, task } from './capture.ts'

describe('what is shown while it lasts', () => {
  it('names running tasks, their hosts, what they wait for and how long', () => {
    let now = 0
    const progress = createProgress(createPalette(false), () => now)
    const join = task('Join')
    const shown = () => progress.lines().map(line => line.slice(2))
    progress.note({ type: 'task.start', task: join, hosts: ['a', 'b'] })
    expect(shown()).toEqual([])
    for (const host of ['a', 'b']) progress.note({ type: 'host.start', task: join, host })
    expect(shown()).toEqual(['Join · a, b'])
    now = 2500
    progress.note({ type: 'host.waiting', task: join, host: 'a', what: 'Node a\x1b[2J', elapsed: 2.2 })
    progress.note({ type: 'host.retry', task: join, host: 'b', attempt: 2, of: 3 })
    expect(shown()).toEqual(['Join · a waiting for Node a\\x1b[2J (2 s), b attempt 2 of 3 · 2.5 s'])
    progress.note(end(join, 'b'))
    expect(shown()).toEqual(['Join · a waiting for Node a\\x1b[2J (2 s) · 2.5 s'])
    progress.note({ type: 'task.end', task: join })
    expect(shown()).toEqual([])
  })
})
