import type { Step } from './step.ts'
import type { Pass } from './workloads.ts'

export interface Target {
  readonly name: string
  readonly address: string
  readonly port: number
}

/** One workload as a contender gets it: a folder with `files/` and `templates/`, and hosts to work on. */
export interface Job {
  readonly folder: string
  readonly steps: readonly Step[]
  readonly targets: readonly Target[]
  readonly keyFile: string
  readonly knownHostsFile: string
}

export interface Command {
  readonly argv: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface Contender {
  readonly name: string
  readonly version: string
  /** Which hosts it needs: the peers may need Python there. */
  readonly suite: 'bookworm' | 'bookworm-python'
  /** False: this is not for it. */
  takes?(steps: readonly Step[]): boolean
  /** Writes its playbook, inventory or script into the job's folder. */
  prepare(job: Job): Promise<void>
  command(job: Job, pass: Pass): Command
  /** Round trips by its own count, on the host with the most. */
  roundTrips?(stdout: string): number | undefined
}
