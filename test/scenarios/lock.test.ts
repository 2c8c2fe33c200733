import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type LabHost, lab } from '../lab/lab.ts'
import { freshHosts, onHost, until } from './stage/cluster.ts'
import { bundled, countsOf, failureOf, type Played, pitool, play, startPlay, story, unbundle } from './stage/pitool.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'

const names = ['lk-1', 'lk-2'] as const
let hosts: readonly LabHost[]
let site: Site

const playOf = (tasks: readonly object[], handlers: readonly object[] = []) => [
  { name: 'Locked', hosts: 'lk-1', become: true, tasks, handlers },
]
const pay = [{ name: 'Pay', shell: 'echo paid >>/root/paid' }]
const owing = { name: 'Owe', copy: { dest: '/etc/owing', content: '{{text}}\n' }, notify: 'Pay' }
const slow = { name: 'Slow', shell: 'touch /root/began; while [ -e /root/hold ]; do sleep 0.1; done' }

beforeAll(async () => {
  await bundled()
  hosts = await freshHosts(names)
  site = makeSite({
    'inventory/hosts.yml': inventoryOf(hosts, { vars: { text: 'one' } }),
    'playbooks/slow.yml': playOf([owing, slow], pay),
    'playbooks/other.yml': playOf([{ name: 'Other', copy: { dest: '/etc/other', content: 'yes\n' } }]),
    'playbooks/delegate.yml': [
      {
        name: 'From afar',
        hosts: 'lk-2',
        become: true,
        tasks: [{ name: 'Afar', delegate_to: 'lk-1', copy: { dest: '/etc/afar', content: 'yes\n' } }],
      },
    ],
  })
})
beforeEach(() =>
  onHost('lk-1', 'rm -rf /root/began /root/paid /etc/owing /etc/other /etc/afar /var/lib/pitool; touch /root/hold'),
)
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down([...names])
})

const began = () => until('the first run to be at work', 30, () => existsSync(join(hosts[0]!.root, 'root/began')))
const letGo = () => onHost('lk-1', 'rm -f /root/hold')
/** While a run is at work on lk-1. */
async function beside<T>(work: () => Promise<T>): Promise<{ readonly first: Played; readonly other: T }> {
  const running = startPlay(site.path, 'playbooks/slow.yml')
  await began()
  try {
    const other = await work()
    await letGo()
    return { first: await running.done, other }
  } finally {
    await letGo()
    await running.done
  }
}

describe('two runs at once', () => {
  test.each([
    ['on one host', 'playbooks/other.yml', 'lk-1'],
    ['by delegation', 'playbooks/delegate.yml', 'lk-2'],
  ])('%s: the second is refused, and told who is there', async (_, playbook, host) => {
    const { first, other } = await beside(() => play(site.path, playbook))
    expect(first.code, story(first)).toBe(0)
    expect(other.code).toBe(2)
    expect(failureOf(other, host)).toMatchObject({
      code: 'host-locked',
      cause: expect.stringMatching(/run \S+ of \S+@\S+, since 20/),
      hint: expect.stringMatching(/--wait-lock.*pitool unlock/),
    })
    expect(await onHost('lk-1', 'ls /etc/other /etc/afar 2>/dev/null || :; ls -A /run/pitool')).toBe('')
  })

  test('the second waits where it is told to, and looks again at what the first has done', async () => {
    const waiting = { running: undefined as ReturnType<typeof startPlay> | undefined }
    const { first } = await beside(async () => {
      waiting.running = startPlay(site.path, 'playbooks/delegate.yml', '--wait-lock', '30')
      await until('the second to wait', 15, () => waiting.running!.said().includes('"what":"another run'))
    })
    const second = await waiting.running!.done
    expect([first.code, second.code], story(second)).toEqual([0, 0])
    expect(await onHost('lk-1', 'cat /etc/afar; ls -A /run/pitool')).toBe('yes\n')
  })

  test('a check minds neither the lock nor what the other owes', async () => {
    const { other } = await beside(() => play(site.path, 'playbooks/slow.yml', '--check'))
    expect(other.code, story(other)).toBe(0)
    expect(other.events.filter(event => event.type === 'warning')).toEqual([])
  })

  test('a handler is run once, by the run that owes it, though the other knows it', async () => {
    const { first, other } = await beside(() => play(site.path, 'playbooks/slow.yml', '-e', 'text=one'))
    expect(first.code).toBe(0)
    expect(failureOf(other, 'lk-1')?.code, story(other)).toBe('host-locked')
    expect(other.ends.some(({ task }) => task.name === 'Pay')).toBe(false)
    expect(await onHost('lk-1', 'cat /root/paid; ls /var/lib/pitool/pending')).toBe('paid\n')
  })
})

describe('a run that was killed', () => {
  async function killed(): Promise<void> {
    const running = startPlay(site.path, 'playbooks/slow.yml')
    await began()
    running.child.kill('SIGKILL')
    await running.done
  }

  test('is told of by `pitool runs`; the next run takes its lock over, pays what it owes, and clears its strays away', async () => {
    await killed()
    await onHost('lk-1', 'echo stray >/run/pitool/lock.99999; echo x >/var/lib/pitool/pending/.0123abcd.99999')
    expect((await pitool(site.path, 'runs')).stdout).toMatch(/lk-1 .*killed before its end.*\n.*pitool unlock lk-1/)
    await letGo()
    const next = await play(site.path, 'playbooks/slow.yml')
    expect(next.code, story(next)).toBe(0)
    expect(await onHost('lk-1', 'cat /root/paid; ls -A /run/pitool /var/lib/pitool/pending')).toBe(
      'paid\n/run/pitool:\n\n/var/lib/pitool/pending:\n',
    )
    expect(countsOf(next, 'lk-1').failed).toBe(0)
  })

  test('leaves no lock behind a run that has nothing to do; a check touches nothing', async () => {
    const other = () => play(site.path, 'playbooks/other.yml')
    await other()
    await onHost('lk-1', "printf 'old-boot 1 2\\nrun x of me@there\\n' >/run/pitool/lock")
    await play(site.path, 'playbooks/other.yml', '--check')
    expect(await onHost('lk-1', 'ls -A /run/pitool')).toBe('lock\n')
    expect(countsOf(await other(), 'lk-1').changed).toBe(0)
    expect(await onHost('lk-1', 'ls -A /run/pitool')).toBe('')
  })

  test('`pitool unlock` tells whose lock it was, and whether they are gone', async () => {
    await onHost(
      'lk-1',
      "mkdir -p /run/pitool; printf 'old-boot 1 2\\nrun x of me@there, since 2020\\n' >/run/pitool/lock",
    )
    const gone = await pitool(site.path, 'unlock', 'lk-1', '--become')
    expect(gone.stdout).toMatch(/held by run x of me@there, since 2020, which is gone/)
    expect((await pitool(site.path, 'unlock', 'lk-1', '--become')).stdout).toMatch(/was not locked/)
    const { other } = await beside(() => pitool(site.path, 'unlock', 'lk-1', '--become'))
    expect(other.stdout).toMatch(/held by run \S+ of .*at work there still/)
  })
})
