import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRun } from '../../../src/cli/journal.ts'
import type { Target } from './fuzz.ts'
import { damage, noise } from './garbage.ts'
import { memory } from './memory.ts'

const task = { name: 'Write', place: 'site.yml:3:5' }
const change = { kind: 'file.write', host: 'h1', summary: 'write /etc/motd' }
export const journalLines = [
  { type: 'run.start', run: 'r', playbooks: ['site.yml'], hosts: ['h1'] },
  { type: 'planned', host: 'h1', task, changes: [change] },
  { type: 'carried', host: 'h1', task, change },
  { type: 'ended', host: 'h1', task, status: 'changed' },
  { type: 'run.end', exit: 0 },
].map(line => ({ time: '2026-01-01T00:00:00.000Z', ...line }))
export const journalText = journalLines.map(line => `${JSON.stringify(line)}\n`).join('')
const types = new Set(journalLines.map(({ type }) => type))

/** A project with one run, whose journal may be anything. */
export function openProject() {
  const root = mkdtempSync(join(memory, 'pitool-journal-'))
  const folder = join(root, '.pitool', 'runs')
  mkdirSync(folder, { recursive: true })
  const read = (bytes: Uint8Array) => {
    writeFileSync(join(folder, 'r.ndjson'), bytes)
    return readRun(root, 'r')
  }
  return { read, close: () => rmSync(root, { recursive: true }) }
}

export const journalTarget: Target = {
  name: 'journal: damaged',
  share: 1,
  open: () => {
    const { read, close } = openProject()
    const whole = Buffer.from(journalText)
    return {
      close,
      attempt: ([random]) => {
        const bytes = random!.chance(0.9) ? damage(random!, whole) : noise(random!)
        for (const line of read(bytes)) {
          assert(types.has(line.type), `a line of the kind ${line.type}`)
          if (line.type === 'planned') assert(line.changes.every(change => typeof change === 'object'))
        }
      },
    }
  },
}
