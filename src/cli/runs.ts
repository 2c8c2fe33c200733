import { hostname } from 'node:os'
import { kill } from 'node:process'
import { Mistake } from '../core/diagnostic.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { loadSettings } from '../playbook/index.ts'
import { type RunStep, type RunSummary, renderRun, renderRuns } from '../report/runs.ts'
import { toStdout } from '../report/streams.ts'
import { exits } from './exit.ts'
import { usage } from './flags.ts'
import { listRuns, readRun, type Written } from './journal.ts'

/** `pitool runs` and `pitool runs show ID`. Gives the exit code. */
export async function runs([verb, id]: readonly string[]): Promise<number> {
  const { root } = loadSettings(process.cwd())
  const known = listRuns(root)
  if (verb === undefined) toStdout(renderRuns(known.map(run => summaryOf(run, readRun(root, run)))))
  else if (verb !== 'show' || id === undefined)
    throw usage(`pitool runs ${verb} says nothing to me`, 'pitool runs show ID')
  else toStdout(tell(root, found(known, id)))
  return exits.well
}

/** A run by its whole name, or by a part that only it has. */
function found(known: readonly string[], id: string): string {
  const matching = known.filter(run => run === id || run.includes(id))
  const [only] = matching
  if (only !== undefined && (matching.length === 1 || matching.includes(id))) return matching.includes(id) ? id : only
  const near = didYouMean(id, known)
  const hint = near ? `did you mean ${near}?` : '`pitool runs` lists them'
  const message = matching.length > 1 ? `${matching.length} runs are named like '${id}'` : `there is no run '${id}'`
  throw new Mistake({ code: 'usage', message, hint })
}

function tell(root: string, run: string): string {
  const lines = readRun(root, run)
  return renderRun(summaryOf(run, lines), stepsOf(lines))
}

function summaryOf(run: string, lines: readonly Written[]): RunSummary {
  const start = lines.find(line => line.type === 'run.start')
  const end = lines.find(line => line.type === 'run.end')
  const ended = lines.filter(line => line.type === 'ended')
  return {
    run,
    playbooks: start?.playbooks ?? [],
    hosts: start?.hosts ?? [],
    changed: ended.filter(line => line.status === 'changed').length,
    failed: ended.filter(line => line.status === 'failed' || line.status === 'unreachable').length,
    exit: end?.exit,
    running: end === undefined && isAlive(start?.process),
  }
}

/** As far as it can be told: on this machine only. */
function isAlive(process: { readonly machine: string; readonly pid: number } | undefined): boolean {
  if (!process || process.machine !== hostname()) return false
  try {
    return kill(process.pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

interface Building {
  readonly step: RunStep
  readonly carried: number
}

/** Tasks in the order they were planned; a task that never ended was under way when the run was killed. */
function stepsOf(lines: readonly Written[]): readonly RunStep[] {
  const open = new Map<string, Building>()
  const steps: RunStep[] = []
  for (const line of lines) {
    if (line.type === 'run.start' || line.type === 'run.end') continue
    const { host, task } = line
    const key = `${host} ${task.place} ${task.name}`
    const before = open.get(key)
    if (line.type === 'planned') {
      if (before) steps.push(built(before))
      const changes = line.changes.map(change => ({ ...change, carried: false }))
      open.set(key, {
        carried: 0,
        step: { host, task: task.name, place: task.place, changes, status: undefined, message: undefined },
      })
    } else if (line.type === 'carried' && before) open.set(key, { ...before, carried: before.carried + 1 })
    else if (line.type === 'ended') {
      const bare = { host, task: task.name, place: task.place, changes: [] }
      const step = before ? built(before) : { ...bare, status: undefined, message: undefined }
      steps.push({ ...step, status: line.status, message: line.message })
      open.delete(key)
    }
  }
  return [...steps, ...[...open.values()].map(built)]
}

function built({ step, carried }: Building): RunStep {
  return { ...step, changes: step.changes.map((change, i) => ({ ...change, carried: i < carried })) }
}
