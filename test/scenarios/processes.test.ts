import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeSources } from '../bench/project.ts'
import { tasksOf } from '../bench/tasks.ts'
import { forty, workloads } from '../bench/workloads.ts'
import { lab } from '../lab/lab.ts'
import { freshHosts, onHost } from './stage/cluster.ts'
import { bundled, play, story, unbundle } from './stage/pitool.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'

const name = 'pr-1'
const tree = workloads.find(({ id }) => id === 'W3')!.steps
let site: Site

// Counts, not times: they are the same on a busy machine. Takes some 20 s.
beforeAll(async () => {
  await bundled()
  const hosts = await freshHosts([name])
  site = makeSite({ 'inventory/hosts.yml': inventoryOf(hosts) })
  for (const [file, steps] of Object.entries({ forty, tree })) {
    await writeSources(site.path, steps)
    const play = [{ name: file, hosts: 'all', become: true, tasks: tasksOf(steps, 'pitool') }]
    writeFileSync(join(site.path, `${file}.yml`), JSON.stringify(play))
  }
  await onHost(name, 'apt-get update -qq')
})
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down([name])
})

/** A host has its own numbers for processes, handed out one after the other: the last one counts them. */
async function lastPid(): Promise<number> {
  return Number((await onHost(name, 'cat /proc/loadavg')).trim().split(' ').at(-1))
}

interface Cost {
  readonly processes: number
  readonly questions: number
  readonly roundTrips: number
}

async function costOf(playbook: string): Promise<Cost> {
  const before = await lastPid()
  const ran = await play(site.path, playbook)
  expect(ran.code, story(ran)).toBe(0)
  const { questions, roundTrips } = ran.end!
  return { processes: (await lastPid()) - before, questions: questions[name]!, roundTrips: roundTrips[name]! }
}

// All that starts on the host is counted: sshd, sudo, apt, and what systemd starts at a reload.
test.each([
  [
    'a folder of 1,000 new files, at the first login of all',
    'tree.yml',
    { processes: 170, questions: 1020, roundTrips: 4 },
  ],
  ['the same, nothing to do', 'tree.yml', { processes: 25, questions: 1020, roundTrips: 2 }],
  ['forty steps on a fresh host', 'forty.yml', { processes: 370, questions: 78, roundTrips: 24 }],
  ['the same, nothing to do', 'forty.yml', { processes: 60, questions: 42, roundTrips: 3 }],
])('%s', async (_, playbook, most) => {
  const cost = await costOf(playbook)
  for (const what of ['processes', 'questions', 'roundTrips'] as const) {
    expect(cost[what], what).toBeGreaterThan(0)
    expect(cost[what], what).toBeLessThanOrEqual(most[what])
  }
})
