import type { TaskRef } from '../core/event.ts'
import { oneLine } from './sanitise.ts'

/** `840 ms`, `12.4 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** Whole seconds, for what is watched while it lasts: `12 s`, `3 min 5 s`. */
export function seconds(elapsed: number): string {
  return elapsed < 100 ? `${Math.round(elapsed)} s` : duration(elapsed * 1000)
}

/** `1 task`, `3 tasks`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** How people call a task: its role first, as Ansible does. */
export function title(task: TaskRef): string {
  const name = oneLine(task.name)
  const full = task.role === undefined ? name : `${oneLine(task.role)} : ${name}`
  return task.handler ? `handler ${full}` : full
}

export function sum(numbers: Iterable<number>): number {
  let total = 0
  for (const number of numbers) total += number
  return total
}

export function indent(lines: readonly string[], columns: number): readonly string[] {
  const pad = ' '.repeat(columns)
  return lines.map(line => (line === '' ? line : pad + line))
}
