import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/core/event.ts'
import { Secret } from '../../src/core/secret.ts'
import { Unknown } from '../../src/core/unknown.ts'
import { createNdjson } from '../../src/report/ndjson.ts'
import { capture, counts, end, runEnd, spanOf, task } from './capture.ts'

function lines(emit: (reporter: ReturnType<typeof createNdjson>) => void): readonly Record<string, unknown>[] {
  const out = capture()
  emit(createNdjson(out.write))
  expect(out.text().endsWith('\n')).toBe(true)
  return out
    .text()
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
}

const one = (event: Event) => lines(reporter => reporter.emit(event))[0]

describe('NDJSON', () => {
  it('is an event a line, the end last', () => {
    const all = lines(reporter => {
      reporter.emit(end(task('a\nb'), 'h', { result: { stdout: 'x\ny\u2028z' } }))
      reporter.emit(runEnd({ h: counts({ ok: 1 }) }))
      reporter.close()
    })
    expect(all.map(({ type }) => type)).toEqual(['host.end', 'run.end'])
    expect(all[0]).toMatchObject({ task: { name: 'a\nb' }, result: { stdout: 'x\ny\u2028z' } })
    expect(all[1]).toMatchObject({ hosts: { h: { ok: 1 } }, roundTrips: { h: 2 } })
  })

  it('tells places instead of spans', () => {
    const span = spanOf({ file: 'f.yml', text: 'a: b' }, 'b')
    const event = one({ type: 'warning', diagnostic: { code: 'usage', message: 'm', span } })
    expect(event).toEqual({ type: 'warning', diagnostic: { code: 'usage', message: 'm', place: 'f.yml:1:4' } })
  })

  it('masks secrets in values and names, and says what is unknown', () => {
    const secret = new Secret('tok-en-123')
    const event = one(
      end(task('t'), 'h', { result: { a: secret, 'key tok-en-123': 'has tok-en-123', u: new Unknown('why') } }),
    )
    expect(event?.result).toEqual({ a: '<secret>', 'key <secret>': 'has <secret>', u: { unknown: 'why' } })
  })

  it('has bounds', () => {
    let deep: Record<string, never> | object = {}
    for (let i = 0; i < 500; i++) deep = { deep }
    const event = one(end(task('t'), 'h', { result: { long: 'x'.repeat(1_000_000), ...(deep as object) } }))
    expect(JSON.stringify(event).length).toBeLessThan(70_000)
  })

  it('cannot steer a terminal', () => {
    const out = capture()
    createNdjson(out.write).emit(end(task('\x1b[2J\x9b2J\x7f'), 'h'))
    expect(out.text().trimEnd()).not.toMatch(/[\x00-\x1f\x7f-\x9f]/)
  })

  it('tells mistakes and still ends', () => {
    const all = lines(reporter => reporter.mistakes([{ code: 'usage', message: 'm' }]))
    expect(all).toMatchObject([
      { type: 'mistake', diagnostic: { message: 'm' } },
      { type: 'run.end', exit: 1 },
    ])
  })
})
