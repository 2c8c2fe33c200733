import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { listRuns, openJournal, readRun } from '../../src/cli/journal.ts'
import { Failure } from '../../src/core/diagnostic.ts'

const root = mkdtempSync(join(tmpdir(), 'pitool-journal-'))
afterAll(() => rmSync(root, { recursive: true }))

const task = { name: 't', place: 'site.yml:1:1' }
const start = { type: 'run.start', run: 'r1', playbooks: ['site.yml'], hosts: ['a'] } as const
const planned = { type: 'planned', host: 'a', task, changes: [] } as const
const ended = { type: 'ended', host: 'a', task, status: 'failed' } as const

it('begins with its run and ends with its exit', () => {
  const journal = openJournal(root, start)
  expect(listRuns(root)).toEqual([])
  for (const line of [planned, ended]) journal.write(line)
  journal.close(2)
  expect(readRun(root, 'r1').map(({ type }) => type)).toEqual(['run.start', 'planned', 'ended', 'run.end'])
})

it('that cannot be written lets nothing begin, and what has ended be told', () => {
  const closed = join(root, 'closed')
  writeFileSync(closed, '')
  const journal = openJournal(closed, start)
  for (let times = 0; times < 2; times++) {
    expect(() => journal.write(planned)).toThrow(Failure)
    expect(() => journal.write(ended)).not.toThrow()
  }
  expect(() => journal.close(2)).not.toThrow()
})
