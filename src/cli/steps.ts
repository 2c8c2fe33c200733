import { isDeepStrictEqual } from 'node:util'
import type { RunStep } from '../report/runs.ts'
import type { Written } from './journal.ts'

interface Building {
  readonly step: RunStep
  readonly carried: number
}

/** Tasks in the order they were planned; a task that never ended was under way when the run was killed. */
export function stepsOf(lines: readonly Written[]): readonly RunStep[] {
  const open = new Map<string, readonly Building[]>()
  const steps: RunStep[] = []
  for (const line of lines) {
    if (line.type === 'run.start' || line.type === 'run.end') continue
    const { host, task } = line
    const key = `${host} ${task.place} ${task.name}`
    const before = open.get(key) ?? []
    if (line.type === 'planned') {
      const changes = line.changes.map(change => ({ ...change, carried: false }))
      const step = { host, task: task.name, place: task.place, changes, status: undefined, message: undefined }
      // What rode with another and was not begun is planned once more.
      const isAnew = ({ carried, step }: Building) => carried === 0 && isDeepStrictEqual(step.changes, changes)
      if (!before.some(isAnew)) open.set(key, [...before, { carried: 0, step }])
    } else if (line.type === 'carried') {
      // Items of a loop may be planned together, before the first of them is carried.
      const at = before.findIndex(({ carried, step }) => carried < step.changes.length)
      open.set(
        key,
        before.map((one, i) => (i === at ? { ...one, carried: one.carried + 1 } : one)),
      )
    } else if (line.type === 'ended') {
      const bare = { host, task: task.name, place: task.place, changes: [], status: undefined, message: undefined }
      const built = before.length === 0 ? [bare] : before.map(stepOf)
      steps.push(...built.slice(0, -1), { ...built.at(-1)!, status: line.status, message: line.message })
      open.delete(key)
    }
  }
  return [...steps, ...[...open.values()].flat().map(stepOf)]
}

function stepOf({ step, carried }: Building): RunStep {
  return { ...step, changes: step.changes.map((change, i) => ({ ...change, carried: i < carried })) }
}
