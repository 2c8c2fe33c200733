import { expect, it } from 'vitest'
import type { Written } from '../../src/cli/journal.ts'
import { stepsOf } from '../../src/cli/steps.ts'

const of = (name: string) => ({ time: '', host: 'a', task: { name, place: `site.yml:${name}` } })
const change = (path: string) => ({ kind: 'file.write', host: 'a', summary: `write ${path}` })
const planned = (name: string, path: string): Written => ({ ...of(name), type: 'planned', changes: [change(path)] })
const carried = (name: string, path: string): Written => ({ ...of(name), type: 'carried', change: change(path) })
const ended = (name: string): Written => ({ ...of(name), type: 'ended', status: 'changed' })

const told = (lines: readonly Written[]) =>
  stepsOf(lines).map(({ task, changes, status }) => [
    task,
    ...changes.map(({ summary, carried }) => `${summary}: ${carried}`),
    status,
  ])

it('tells what became of each item of a loop whose items were planned together', () => {
  const lines = [planned('t', 'x'), planned('t', 'y'), carried('t', 'x'), carried('t', 'y'), ended('t')]
  expect(told(lines)).toEqual([
    ['t', 'write x: true', undefined],
    ['t', 'write y: true', 'changed'],
  ])
})

it('tells once of a task that was planned with another and not begun, and then carried at its own turn', () => {
  const lines = [planned('t', 'x'), planned('u', 'y'), ended('t'), planned('u', 'y'), carried('u', 'y'), ended('u')]
  expect(told(lines)).toEqual([
    ['t', 'write x: false', 'changed'],
    ['u', 'write y: true', 'changed'],
  ])
})

it('tells of what was under way when the run was killed', () => {
  expect(told([planned('t', 'x'), planned('u', 'y'), carried('t', 'x')])).toEqual([
    ['t', 'write x: true', undefined],
    ['u', 'write y: false', undefined],
  ])
})
