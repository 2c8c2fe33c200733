import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lab } from '../lab/lab.ts'
import type { Contender, Job } from './contender.ts'
import { floorScript } from './floor-script.ts'
import { meter } from './meter.ts'
import { freshRig, type Reading, type Rig } from './rig.ts'
import type { Sample } from './sample.ts'
import type { Pass, Workload } from './workloads.ts'

export interface Trial {
  readonly workload: Workload
  readonly contender: Contender
  readonly round: number
  /** With `files/` and `templates/` of the workload; copied for each trial. */
  readonly sources: string
  readonly folder: string
}

/** One contender on fresh hosts, all passes of the workload. */
export async function runTrial(trial: Trial): Promise<readonly Sample[]> {
  const { workload, contender, folder } = trial
  mkdirSync(folder, { recursive: true })
  cpSync(trial.sources, folder, { recursive: true })
  const rig = await freshRig({ count: workload.hosts, suite: contender.suite, folder, delayMs: workload.delayMs })
  try {
    const job: Job = { ...rig, folder, steps: workload.steps, keyFile: lab.keyFile }
    await contender.prepare(job)
    return await passesOf(trial, job, rig)
  } finally {
    await rig.close()
  }
}

async function passesOf(trial: Trial, job: Job, rig: Rig): Promise<readonly Sample[]> {
  const samples: Sample[] = []
  const measured = trial.workload.passes
  // What is only measured unchanged is made so by hand.
  if (!measured.includes('first')) await converge(job)
  for (const pass of measured) {
    const sample = await measure(trial, job, rig, pass)
    samples.push(sample)
    if (sample.failure !== undefined) break
  }
  return samples
}

async function measure(trial: Trial, job: Job, rig: Rig, pass: Pass): Promise<Sample> {
  const { contender, workload, round } = trial
  const log = join(job.folder, pass)
  const before = rig.read()
  const ran = await meter(contender.command(job, pass), job.folder, log)
  const after = rig.read()
  const failure = ran.code === 0 ? await judge(job) : `exit code ${ran.code} in the ${pass} pass: ${lastLines(log)}`
  return {
    ...{ workload: workload.id, contender: contender.name, pass, round, failure },
    ms: ran.ms,
    cpuHereMs: ran.cpuMs,
    cpuThereMs: after.cpuMs - before.cpuMs,
    sent: after.sent - before.sent,
    received: after.received - before.received,
    roundTrips: turns(before, after) ?? contender.roundTrips?.(ran.stdout),
  }
}

function turns(before: Reading, after: Reading): number | undefined {
  if (after.turns.length === 0) return undefined
  return Math.max(...after.turns.map((turn, index) => turn - before.turns[index]!))
}

async function converge(job: Job): Promise<void> {
  for (const { name } of job.targets) {
    const ran = await lab.exec(name, `sh -s ${name}`, floorScript(job.steps))
    if (ran.code !== 0) throw new Error(`${name}: ${ran.stderr}`)
  }
}

/** Whether the hosts are as the workload wants them, by the hand-written script; undefined: they are. */
async function judge(job: Job): Promise<string | undefined> {
  for (const { name } of job.targets) {
    const ran = await lab.exec(name, `sh -s ${name} check`, floorScript(job.steps))
    const differing = ran.stdout.trim()
    if (ran.code !== 0 || differing !== '0') return `${name} is not as asked for: ${differing} differ ${ran.stderr}`
  }
  return undefined
}

function lastLines(log: string): string {
  const text = ['out', 'err'].map(end => readFileSync(`${log}.${end}`, 'utf8').trimEnd().slice(-600)).join('\n')
  return text.replace(/\s+/g, ' ').slice(-600)
}
