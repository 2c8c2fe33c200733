import { oneLine } from './sanitise.ts'

/** A run in one line. */
export interface RunSummary {
  readonly run: string
  readonly playbooks: readonly string[]
  readonly hosts: readonly string[]
  readonly changed: number
  readonly failed: number
  /** undefined: it never ended, so it was killed. */
  readonly exit: number | undefined
  /** It has not come to its end, and lives. */
  readonly running: boolean
}

export function renderRuns(runs: readonly RunSummary[]): string {
  if (runs.length === 0) return 'no run has changed anything yet\n'
  return runs.map(line).join('')
}

function line({ run, playbooks, hosts, changed, failed, exit, running }: RunSummary): string {
  const unended = running ? 'is at work' : 'was killed before its end'
  const ended = exit === undefined ? unended : exit === 0 ? 'well' : `exit ${exit}`
  const what = [`${changed} changed`, ...(failed > 0 ? [`${failed} failed`] : [])].join(', ')
  const told = `${oneLine(`${run}  ${playbooks.join(' ')}  ${hosts.join(',')}  ${what}  ${ended}`)}\n`
  return exit === undefined && !running ? `${told}${left(hosts)}` : told
}

/** What a killed run may have left on its hosts. */
function left(hosts: readonly string[]): string {
  const how = `the next run there that changes something takes it over, or: pitool unlock ${hosts.join(',')}`
  return `  it may have left its lock: ${oneLine(how)}\n`
}

/** One task of a run on one host: its changes, and which of them are known to have been carried. */
export interface RunStep {
  readonly host: string
  readonly task: string
  readonly place: string
  readonly changes: readonly { readonly summary: string; readonly host: string; readonly carried: boolean }[]
  readonly status: string | undefined
  readonly message: string | undefined
}

export function renderRun(summary: RunSummary, steps: readonly RunStep[]): string {
  return line(summary) + steps.map(step).join('')
}

function step({ host, task, place, changes, status, message }: RunStep): string {
  const head = `${host}: ${task} · ${place} · ${status ?? 'was under way'}${message === undefined ? '' : `: ${message}`}`
  const each = changes.map(change => `  ${change.carried ? 'done     ' : 'not known'}  ${oneLine(change.summary)}`)
  return `${[oneLine(head), ...each].join('\n')}\n`
}
