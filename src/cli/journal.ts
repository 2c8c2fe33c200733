import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../core/diagnostic.ts'
import { maskedJson } from '../core/secret.ts'
import type { JournalLine } from '../engine/deps.ts'

/** How a run begins and ends in its journal. */
export type Frame =
  | {
      readonly type: 'run.start'
      readonly run: string
      readonly playbooks: readonly string[]
      readonly hosts: readonly string[]
      /** Where it is at work: a run that has no end may not have come to it yet. */
      readonly process?: { readonly machine: string; readonly pid: number }
    }
  | { readonly type: 'run.end'; readonly exit: number }

export type Written = (JournalLine | Frame) & { readonly time: string }

const folderOf = (root: string) => join(root, '.pitool', 'runs')

/**
 * The journal of one run: a line is on the disk's way before what it tells begins. The file comes with the first line.
 * Where it cannot be written nothing more is begun; what comes of what was begun before is told without it.
 */
export function openJournal(root: string, start: Extract<Frame, { type: 'run.start' }>) {
  const path = join(folderOf(root), `${start.run}.ndjson`)
  let file: number | undefined
  let broken: unknown
  const put = (line: JournalLine | Frame) => {
    const text = maskedJson({ time: new Date().toISOString(), ...line })
    appendFileSync(file as number, `${text}\n`)
  }
  const open = () => {
    mkdirSync(folderOf(root), { recursive: true, mode: 0o700 })
    file = openSync(path, 'ax', 0o600)
    put(start)
  }
  const write = (line: JournalLine | Frame) => {
    try {
      if (broken !== undefined) throw broken
      if (file === undefined) open()
      put(line)
    } catch (error) {
      broken = error
      if (line.type === 'planned') throw unwritable(path, error)
    }
  }
  const close = (exit: number) => {
    if (file === undefined) return
    write({ type: 'run.end', exit })
    closeSync(file)
  }
  return { write, close }
}

function unwritable(path: string, error: unknown): Failure {
  const message = `${path}, the journal of this run, cannot be written: nothing was begun`
  const cause = error instanceof Error ? error.message : String(error)
  return new Failure({
    code: 'task-failed',
    message,
    cause,
    hint: 'a run that changes something needs a project that can be written, with room for its journal',
  })
}

/** The runs of a project that changed something, newest last. */
export function listRuns(root: string): readonly string[] {
  const folder = folderOf(root)
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter(name => name.endsWith('.ndjson'))
  return names.map(name => name.slice(0, -'.ndjson'.length)).sort()
}

/** A run's lines. What is none is left out: the cut last line of a run that was killed, or what a failing disk made of it. */
export function readRun(root: string, run: string): readonly Written[] {
  const lines = readFileSync(join(folderOf(root), `${run}.ndjson`), 'utf8').split('\n')
  return lines.flatMap(line => {
    try {
      const read: unknown = JSON.parse(line)
      return isWritten(read) ? [read] : []
    } catch {
      return []
    }
  })
}

function isWritten(read: unknown): read is Written {
  if (!isObject(read)) return false
  const { type, playbooks, hosts, exit, host, task, changes, status } = read
  if (type === 'run.start') return areTexts(playbooks) && areTexts(hosts)
  if (type === 'run.end') return typeof exit === 'number'
  if (typeof host !== 'string' || !isObject(task) || !areTexts([task.name, task.place])) return false
  if (type === 'planned') return Array.isArray(changes) && changes.every(isObject)
  return type === 'carried' || (type === 'ended' && typeof status === 'string')
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(one => typeof one === 'string')
}
