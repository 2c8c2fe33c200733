import fc, { type Arbitrary } from 'fast-check'
import type { TaskText, Trial } from '../trial.ts'
import { entries, type Found, type FoundEntry, foundFile, foundScript, path } from './found.ts'
import { projectFiles } from './tasks.ts'

/** One task on what may be found at its paths. */
export function trialsOf(tasks: Arbitrary<TaskText>, more: Partial<Trial> = {}): Arbitrary<Trial> {
  return trialsOn(tasks, fc.constant(undefined), more)
}

/** The same; two times of three there is a file at the path that the task is about. */
export function editsOf(tasks: Arbitrary<TaskText>, more: Partial<Trial> = {}): Arbitrary<Trial> {
  return trialsOn(tasks, fc.option(foundFile, { nil: undefined, freq: 3 }), more)
}

function trialsOn(
  tasks: Arbitrary<TaskText>,
  file: Arbitrary<Found | undefined>,
  more: Partial<Trial>,
): Arbitrary<Trial> {
  return fc.tuple(entries, tasks, file).map(([found, task, file]) => ({
    // Somewhere for links to point at.
    found: `: >/law/here; mkdir /law/place\n${foundScript([...(file === undefined ? [] : fileFor(task, file)), ...found])}`,
    tasks: [{ name: 'one', ...task }],
    files: projectFiles,
    ...more,
  }))
}

function fileFor(task: TaskText, found: Found): readonly FoundEntry[] {
  const about = Object.values(task).find(value => typeof value === 'object' && value !== null) as TaskText | undefined
  const path = [about?.path, about?.dest].find(value => typeof value === 'string')
  return typeof path === 'string' && /^\/law\/[^/]/.test(path) ? [{ name: path.slice('/law/'.length), found }] : []
}

/** A place for a task: mostly a name that something may be at, sometimes with a slash at its end. */
export const place = fc.oneof(
  { weight: 5, arbitrary: path },
  { weight: 1, arbitrary: path.map(one => `${one}/`) },
  { weight: 1, arbitrary: fc.constantFrom('/law/d/../a', '/law//b c', '/law/./d/new') },
)
