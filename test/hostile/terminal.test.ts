import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../src/core/diagnostic.ts'
import type { Event } from '../../src/core/event.ts'
import { renderAnswer } from '../../src/report/answers.ts'
import { renderDiagnostics } from '../../src/report/diagnostic.ts'
import { createHuman } from '../../src/report/human.ts'
import { renderGraph, renderVariables } from '../../src/report/inventory.ts'
import { renderListing } from '../../src/report/listing.ts'
import { createNdjson } from '../../src/report/ndjson.ts'
import { createPalette } from '../../src/report/palette.ts'
import { createProgress } from '../../src/report/progress.ts'
import { renderRun, renderRuns } from '../../src/report/runs.ts'
import { capture, counts, end, runEnd, task } from '../report/capture.ts'
import { effort } from './strings.ts'

/** What moves a cursor, rings, renames a window, hides text or turns it around; and our own marks of colour. */
const raw = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/
const ours = /\x1b\[\d+m/g

const evil = fc
  .array(
    fc.constantFrom(
      ...['\x1b[2J', '\x1b]0;owned\x07', '\x1bP', '\x1b\\', '\x9b31m', '\x9d', '\x07', '\x08', '\r', '\n', '\t', '\0'],
      ...['\x7f', '\u202e', '\u2066', '\u061c', '\u2028', '\x1b(0', '\x1b[8m', '\x1b[1A\x1b[K', 'ok', ' ', 'é', '🦊'],
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map(parts => parts.join(''))

function diagnosticOf(text: string): Diagnostic {
  const source = { file: text, text: `a: ${text}\nb: 1\n` }
  const span = { source, start: 3, end: 3 + text.length }
  return { code: 'task-failed', message: text, cause: text, hint: text, host: text, task: text, span }
}

/** Every event there is, with the text in each field that may come from a host or a project. */
function eventsOf(text: string): readonly Event[] {
  const it = task(text, { place: `${text}:1:1`, role: text, play: text })
  const diagnostic = diagnosticOf(text)
  const diff = { subject: text, summary: text, facets: [{ name: text, before: text, after: `${text}.` }] }
  const changes = [
    { kind: 'file.write', host: text, diff: { ...diff, before: `${text}\n`, after: `${text}.\n` } },
    { kind: 'file.write', host: 'elsewhere', diff: { ...diff, before: null, after: text } },
  ]
  const statuses = ['ok', 'changed', 'failed', 'skipped', 'unknown', 'unreachable'] as const
  const more = { item: text, delegate: text, message: text, unknown: text, assumed: text, notified: [text], diagnostic }
  return [
    { type: 'run.start', run: text, time: text, version: text, check: true, playbooks: [text], hosts: [text] },
    { type: 'play.start', play: text, place: text, hosts: [text] },
    { type: 'batch.start', play: text, index: 0, of: 2, hosts: [text] },
    { type: 'host.connected', host: text, user: text, ms: 1 },
    { type: 'task.start', task: it, hosts: [text] },
    { type: 'host.start', task: it, host: text },
    { type: 'host.waiting', task: it, host: text, what: text, elapsed: 60 },
    { type: 'host.retry', task: it, host: text, attempt: 1, of: 2 },
    ...statuses.map((status, i) =>
      end(it, `${text}${i}`, { ...more, status, changes, result: { [text]: text, list: [text, { [text]: text }] } }),
    ),
    { type: 'task.end', task: it },
    { type: 'host.unreachable', host: text, diagnostic },
    { type: 'warning', diagnostic },
    { type: 'stopping', signal: text, ends: false, changing: [{ host: text, task: it }] },
    { type: 'stopping', signal: text, ends: true, changing: [{ host: text, task: it }] },
    { type: 'cancelled', signal: text, hosts: { [text]: { task: it, how: 'ended', owed: [text] } } },
    { type: 'play.end', play: text },
    runEnd({ [text]: counts({ ok: 1 }) }, { check: true }),
  ]
}

type Shown = (text: string, color: boolean) => string

const everything: { readonly [what: string]: Shown } = {
  'a run, as people read it': (text, color) => {
    const out = capture()
    const screen = createHuman({ write: out.write, color, diff: true, verbosity: 2 })
    for (const event of eventsOf(text)) screen.emit(event)
    screen.mistakes([diagnosticOf(text)])
    screen.close()
    return out.text()
  },
  'a run, as programs read it': text => {
    const out = capture()
    const lines = createNdjson(out.write)
    for (const event of eventsOf(text)) lines.emit(event)
    lines.mistakes([diagnosticOf(text)])
    return out.text()
  },
  'what goes on': (text, color) => {
    const progress = createProgress(createPalette(color))
    for (const event of eventsOf(text)
      .filter(({ type }) => type !== 'host.end')
      .slice(0, 8))
      progress.note(event)
    return progress.lines().join('\n')
  },
  mistakes: (text, color) => renderDiagnostics([diagnosticOf(text)], { paint: createPalette(color) }),
  'what a command said': (text, color) => {
    const said = { code: 1, stdout: text, stderr: text, truncated: true }
    const all = [{ said }, { note: text }, { diagnostic: diagnosticOf(text) }]
    return all.flatMap(one => renderAnswer({ host: text, ms: 1, ...one }, createPalette(color))).join('\n')
  },
  'an inventory': (text, color) => {
    const groups = new Map([
      ['all', [text]],
      [text, [text]],
    ])
    const graph = renderGraph({ groups, children: new Map([['all', [text]]]) }, createPalette(color))
    const variables = [{ name: text, value: { [text]: [text] }, origin: text }]
    return [...graph, ...renderVariables(variables, createPalette(color), true)].join('\n')
  },
  listings: (text, color) => {
    const tasks = [{ name: text, depth: 1, tags: [text] }]
    const play = { play: text, place: text, hosts: [text], tasks, tags: [text] }
    return renderListing([play], createPalette(color)).join('\n')
  },
  'runs that were': text => {
    const run = { run: text, playbooks: [text], hosts: [text], changed: 1, failed: 1, exit: undefined, running: false }
    const changes = [{ summary: text, host: text, carried: true }]
    const step = { host: text, task: text, place: text, changes, status: undefined, message: text }
    return renderRuns([run]) + renderRun(run, [step])
  },
}

describe('no terminal obeys what others say', () => {
  test.each(Object.entries(everything))('%s', (_, shown) => {
    fc.assert(
      fc.property(evil, fc.boolean(), (text, color) => {
        const all = shown(text, color)
        expect(all.length).toBeGreaterThan(0)
        expect(color ? all.replace(ours, '') : all).not.toMatch(raw)
      }),
      { numRuns: 60 * effort },
    )
  })
})
