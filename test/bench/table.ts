import { type Row, rowsOf, type Sample } from './sample.ts'
import type { Workload } from './workloads.ts'

/** What the table says of the circumstances. */
export interface Circumstances {
  readonly date: string
  readonly rounds: number
  readonly machine: string
  readonly versions: readonly string[]
}

const passNames = {
  first: 'First run, fresh hosts',
  second: 'Second run, nothing to do',
  check: 'Check, nothing to do',
} as const

/** The results as Markdown: one section a workload, one table a pass. */
export function renderTable(workloads: readonly Workload[], samples: readonly Sample[], about: Circumstances): string {
  const sections = workloads.map(workload =>
    section(
      workload,
      samples.filter(sample => sample.workload === workload.id),
    ),
  )
  return `# Benchmark, ${about.date}

${about.machine}. Medians of ${about.rounds} ${about.rounds === 1 ? 'round' : 'rounds'}, fastest and slowest in brackets. ${about.versions.join(', ')}.

Time is the whole process. CPU here: of the contender and all it started; there: all of the hosts together. KB: on the wire, headers included, all hosts. Round trips: on one host (the one with most), counted on the wire behind a delay (times that the client spoke after the host had), else pitool's own count. pitool and the script get hosts without Python, the others hosts with it; all of them fresh in each round.

![chart](${about.date}.svg)

${sections.join('\n')}`
}

function section(workload: Workload, samples: readonly Sample[]): string {
  const tables = workload.passes.flatMap(pass => {
    const rows = rowsOf(samples, pass)
    return rows.length === 0 ? [] : [`### ${passNames[pass]}\n\n${table(rows)}`]
  })
  return tables.length === 0 ? '' : `## ${workload.id}: ${workload.title}\n\n${tables.join('\n')}`
}

const head = `| | runs | time, s | × pitool | CPU here, s | CPU there, s | KB sent | KB received | round trips |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |`

function table(rows: readonly Row[]): string {
  const pitool = rows.find(row => row.contender === 'pitool')?.ms ?? Number.NaN
  const failures = rows.flatMap(row => row.failures.map(failure => `\n${row.contender}: ${failure}\n`))
  return `${head}\n${rows.map(row => line(row, pitool)).join('\n')}\n${failures.join('')}`
}

function line(row: Row, pitool: number): string {
  if (Number.isNaN(row.ms)) return `| ${row.contender} | 0 | failed | | | | | | |`
  const time = `${seconds(row.ms)} (${seconds(row.fastest)}–${seconds(row.slowest)})`
  const ratio = Number.isNaN(pitool) ? '' : (row.ms / pitool).toFixed(1)
  const cells = [
    row.contender,
    row.runs,
    time,
    ratio,
    seconds(row.cpuHereMs),
    seconds(row.cpuThereMs),
    kb(row.sent),
    kb(row.received),
  ]
  return `| ${cells.join(' | ')} | ${row.roundTrips ?? ''} |`
}

const seconds = (ms: number) => (ms / 1000).toFixed(2)
const kb = (bytes: number) => Math.round(bytes / 1000).toLocaleString('en')
