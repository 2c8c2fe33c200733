import { hostname } from 'node:os'
import { kill } from 'node:process'
import { Mistake } from '../core/diagnostic.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { loadSettings } from '../playbook/index.ts'
import { type RunSummary, renderRun, renderRuns } from '../report/runs.ts'
import { toStdout } from '../report/streams.ts'
import { exits } from './exit.ts'
import { usage } from './flags.ts'
import { listRuns, readRun, type Written } from './journal.ts'
import { stepsOf } from './steps.ts'

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
