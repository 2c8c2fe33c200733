import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lab } from '../lab/lab.ts'
import { freshHosts, onHost } from './stage/cluster.ts'
import { bundled, play, story, unbundle } from './stage/pitool.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'

const names = ['or-1', 'or-2', 'or-3'] as const
let site: Site

// The hosts share this machine's clock, so their notes can be compared.
const note = (step: string) => ({
  name: step,
  shell: `date +%s%3N >>/root/${step}; sleep 0.5; date +%s%3N >>/root/${step}`,
})

beforeAll(async () => {
  await bundled()
  const hosts = await freshHosts(names)
  const tasks = [note('one'), note('two')]
  const base = { hosts: 'all', become: true, tasks }
  site = makeSite({
    'inventory/hosts.yml': inventoryOf(hosts),
    'playbooks/linear.yml': [{ name: 'Linear', ...base }],
    'playbooks/free.yml': [{ name: 'Free', strategy: 'free', ...base }],
    'playbooks/serial.yml': [{ name: 'Serial', serial: 1, ...base }],
  })
})
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down([...names])
})

interface Span {
  readonly host: string
  readonly from: number
  readonly to: number
}

async function spans(step: string): Promise<readonly Span[]> {
  return Promise.all(
    names.map(async host => {
      const [from, to] = (await onHost(host, `cat /root/${step}`)).split('\n')
      return { host, from: Number(from!), to: Number(to!) }
    }),
  )
}

/** How many of them were at work at the same time, at most. */
function together(all: readonly Span[]): number {
  return Math.max(...all.map(({ from }) => all.filter(other => other.from <= from && from < other.to).length))
}

async function done(...args: readonly string[]): Promise<{ one: readonly Span[]; two: readonly Span[] }> {
  for (const host of names) await onHost(host, 'rm -f /root/one /root/two')
  const ran = await play(site.path, ...args)
  expect(ran.code, story(ran)).toBe(0)
  return { one: await spans('one'), two: await spans('two') }
}

const last = (all: readonly Span[]) => Math.max(...all.map(({ to }) => to))
const first = (all: readonly Span[]) => Math.min(...all.map(({ from }) => from))

describe('three hosts', () => {
  test.each([1, 2, 3])(
    '--forks %i: so many at once, and a task ends everywhere before the next begins',
    async forks => {
      const { one, two } = await done('playbooks/linear.yml', '--forks', String(forks))
      expect(together(one)).toBe(forks)
      expect(together(two)).toBe(forks)
      expect(first(two) > last(one)).toBe(true)
    },
  )

  test('strategy free: nobody waits for the others, but for a fork', async () => {
    const { one, two } = await done('playbooks/free.yml', '--forks', '3')
    expect(together([...one, ...two])).toBe(3)
    const narrow = await done('playbooks/free.yml', '--forks', '1')
    expect(together([...narrow.one, ...narrow.two])).toBe(1)
  })

  test('serial 1: a host is done before the next begins, in the order of the inventory', async () => {
    const { one, two } = await done('playbooks/serial.yml')
    for (const [i, { to }] of two.slice(0, -1).entries()) expect(one[i + 1]!.from > to).toBe(true)
  })
})
