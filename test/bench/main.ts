/** `npm run bench`: the same workloads by pitool and its peers, side by side. See README.md. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { lab, labAvailable } from '../lab/lab.ts'
import { renderChart } from './chart.ts'
import type { Contender } from './contender.ts'
import { contenders } from './peers.ts'
import { writeSources } from './project.ts'
import type { Sample } from './sample.ts'
import { renderTable } from './table.ts'
import { runTrial } from './trial.ts'
import { type Pass, type Workload, workloads } from './workloads.ts'

const { values } = parseArgs({
  options: {
    workloads: { type: 'string', default: 'W1,W5' },
    rounds: { type: 'string', default: '3' },
    'ansible-rounds': { type: 'string' },
    hosts: { type: 'string' },
    only: { type: 'string' },
    passes: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
})

const available = labAvailable()
if (available !== true) throw new Error(available)
const cache = process.env.PITOOL_BENCH_DIR ?? '/var/cache/pitool-bench'
const rounds = Number(values.rounds)
const ansibleRounds = Number(values['ansible-rounds'] ?? rounds)
const chosen = values.workloads.split(',').map(asAsked)
const work = mkdtempSync(join(tmpdir(), 'pitool-bench-'))
const all = await contenders(cache)
const taking = all.filter(
  ({ name }) => values.only === undefined || values.only.split(',').some(part => name.includes(part)),
)
const samples: Sample[] = []
// The trial at work still ends; a second Ctrl-C ends at once.
let ended = false
process.once('SIGINT', () => {
  ended = true
})
try {
  for (let round = 1; round <= rounds; round += 1) for (const workload of chosen) await runRound(workload, round)
} finally {
  await lab.down()
  if (values.keep) console.error(`kept: ${work}`)
  else rmSync(work, { recursive: true, force: true })
}

function named(id: string): Workload {
  const found = workloads.find(workload => workload.id === id)
  if (found === undefined) throw new Error(`no workload '${id}'; there are ${workloads.map(one => one.id).join(', ')}`)
  return found
}

/** `W1`, or `W1@2` on two hosts. */
function asAsked(words: string): Workload {
  const [id = '', count = values.hosts] = words.split('@')
  const workload = named(id)
  const hosts = count === undefined ? workload.hosts : Number(count)
  const title = workload.title.replace(/\d+ hosts/, hosts === 1 ? 'one host' : `${hosts} hosts`)
  const passes = (values.passes?.split(',') as Pass[] | undefined) ?? workload.passes
  return { ...workload, hosts, title, passes: workload.passes.filter(pass => passes.includes(pass)) }
}

async function runRound(workload: Workload, round: number): Promise<void> {
  const sources = join(work, workload.id)
  if (round === 1) await writeSources(sources, workload.steps)
  // Another begins each time, so that nobody always has the warmest or the busiest machine.
  for (const contender of turned(taking, round - 1)) {
    if (ended) return
    // Slow as they are, their rounds may be fewer.
    if (round > ansibleRounds && contender.name.startsWith('Ansible')) continue
    if (contender.takes?.(workload.steps) === false) continue
    const folder = join(work, `${workload.id}-${round}-${contender.name.replace(/\W+/g, '-')}`)
    const measured = await runTrial({ workload, contender, round, sources, folder })
    for (const sample of measured) tell(sample)
    samples.push(...measured)
    writeResults()
  }
}

function turned(list: readonly Contender[], by: number): readonly Contender[] {
  const start = by % list.length
  return [...list.slice(start), ...list.slice(0, start)]
}

function tell(sample: Sample): void {
  const { workload, round, contender, pass, ms, failure } = sample
  console.error(`${workload} round ${round} ${contender} ${pass}: ${failure ?? `${(ms / 1000).toFixed(2)} s`}`)
}

/** After each trial, so that an interrupted bench has something to show. */
function writeResults(): void {
  const folder = join(import.meta.dirname, 'results')
  const date = new Date().toISOString().slice(0, 10)
  // In the contenders' own order, whoever began.
  const ordered = taking.flatMap(({ name }) => samples.filter(sample => sample.contender === name))
  mkdirSync(folder, { recursive: true })
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, controller and hosts together`
  const versions = [...new Set(taking.map(({ version }) => version))]
  writeFileSync(join(folder, `${date}.md`), renderTable(chosen, ordered, { date, rounds, machine, versions }))
  writeFileSync(join(folder, `${date}.svg`), renderChart(chosen, ordered))
  writeFileSync(join(folder, `${date}.json`), JSON.stringify(ordered, null, 1))
}
