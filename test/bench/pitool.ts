import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contender, Job } from './contender.ts'
import { tasksOf } from './tasks.ts'

/** pitool as it ships, bundled at `program`. */
export function pitool(program: string, version: string): Contender {
  return {
    name: 'pitool',
    version,
    suite: 'bookworm',
    prepare,
    command: (job, pass) => ({
      argv: [
        ...['node', program, 'play', 'play.yml', '-i', 'pitool-hosts.yml', '--output', 'ndjson', '--yes'],
        ...['--forks', String(Math.max(5, job.targets.length)), ...(pass === 'check' ? ['--check'] : [])],
      ],
    }),
    roundTrips: stdout => {
      const end = lastEvent(stdout)
      return end === undefined ? undefined : Math.max(0, ...Object.values(end.roundTrips))
    },
  }
}

function lastEvent(stdout: string): { readonly roundTrips: Readonly<Record<string, number>> } | undefined {
  const line = stdout.trimEnd().split('\n').at(-1) ?? ''
  return line.includes('"run.end"') ? JSON.parse(line) : undefined
}

async function prepare(job: Job): Promise<void> {
  const play = [{ hosts: 'all', become: true, tasks: tasksOf(job.steps, 'pitool') }]
  await writeFile(join(job.folder, 'pitool.yml'), '')
  await writeFile(join(job.folder, 'play.yml'), JSON.stringify(play, null, 1))
  await writeFile(join(job.folder, 'pitool-hosts.yml'), JSON.stringify(inventory(job), null, 1))
}

const inventory = (job: Job) => ({
  all: {
    vars: { user: 'pi', private_key_file: job.keyFile, known_hosts_file: job.knownHostsFile },
    hosts: Object.fromEntries(job.targets.map(({ name, address, port }) => [name, { host: address, port }])),
  },
})
