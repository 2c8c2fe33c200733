import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { lab } from '../lab/lab.ts'
import { freshHosts, onHost, until } from './stage/cluster.ts'
import { bundled, countsOf, type Played, play, start, startPlay, story, unbundle } from './stage/pitool.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'

const names = ['ca-1', 'ca-2'] as const
let site: Site

const playOf = (tasks: readonly object[], handlers: readonly object[] = []) => [
  { name: 'Long', hosts: 'all', become: true, tasks, handlers },
]
const goOn = { name: 'Go on', copy: { dest: '/etc/went-on', content: 'yes\n' } }
// A family of processes, some of which do not mind being asked to end.
const family = `trap '' TERM; touch /run/began; (trap '' TERM INT HUP; sleep 4321) & sleep 4321 | sleep 4321; touch /run/ended`
const notes = '/var/lib/pitool/pending'

beforeAll(async () => {
  await bundled()
  const hosts = await freshHosts(names)
  site = makeSite({
    'inventory/hosts.yml': inventoryOf(hosts),
    'playbooks/command.yml': playOf([{ name: 'Family', shell: family }, goOn]),
    'playbooks/change.yml': playOf(
      [
        {
          name: 'Slow',
          shell: 'touch /run/began; sleep 3; echo whole >/etc/whole',
          args: { creates: '/etc/whole' },
          notify: 'Owe',
        },
        goOn,
      ],
      [{ name: 'Owe', copy: { dest: '/etc/paid', content: 'yes\n' } }],
    ),
    'playbooks/wait.yml': playOf([
      { name: 'Begin', command: 'touch /run/began' },
      { name: 'Wait', wait_for: { path: '/run/never', timeout: 600 } },
      goOn,
    ]),
    'playbooks/ask.yml': playOf([
      { name: 'Ask', shell: { cmd: 'touch /run/began; sleep 4321', readonly: true } },
      goOn,
    ]),
    'playbooks/after.yml': playOf([goOn]),
  })
})
afterEach(async () => {
  for (const host of names) await onHost(host, 'rm -f /run/began /etc/went-on /etc/whole /etc/paid')
})
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down([...names])
})

const began = () =>
  until('both hosts to be at work', 30, async () => {
    const all = await Promise.all(names.map(host => onHost(host, 'ls /run/began 2>/dev/null || :')))
    return all.every(text => text !== '')
  })

const stood = (ran: Played) => {
  const cancelled = ran.events.find(event => event.type === 'cancelled')
  return cancelled?.type === 'cancelled' ? cancelled.hosts : {}
}

/** Processes of the family, shells that are still open for us, and locks. */
const leftOn = (host: string) =>
  onHost(host, 'pgrep -af "sleep [4]321"; pgrep -u pi -ax sh; pgrep -ax sudo; ls /run/pitool/lock* 2>/dev/null; :')

async function expectNothingLeft(): Promise<void> {
  for (const host of names) {
    await until(`${host} to be left by all: ${await leftOn(host)}`, 20, async () => (await leftOn(host)) === '')
  }
}

describe('one signal', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s finishes the change on every host, begins no other, and keeps what is owed', async (signal, code) => {
    const running = startPlay(site.path, 'playbooks/change.yml')
    await began()
    running.child.kill(signal)
    await until('it to say what it waits for', 2, () => running.said().includes('"type":"stopping"'))
    const ran = await running.done
    expect(ran.code, story(ran)).toBe(code)
    expect(ran.end?.exit).toBe(code)
    expect(Object.keys(stood(ran)).sort()).toEqual([...names])
    for (const host of names) {
      expect(stood(ran)[host]).toMatchObject({ task: { name: 'Slow' }, how: 'done', owed: ['Owe'] })
      expect(countsOf(ran, host)).toMatchObject({ changed: 1, failed: 0 })
      expect(await onHost(host, `cat /etc/whole; ls /etc/went-on /etc/paid 2>/dev/null || :`)).toBe('whole\n')
      expect(await onHost(host, `ls ${notes} | wc -l`)).toBe('1\n')
    }
    await expectNothingLeft()

    const next = await play(site.path, 'playbooks/change.yml')
    expect(next.code, story(next)).toBe(0)
    for (const host of names) expect(await onHost(host, `cat /etc/went-on /etc/paid; ls ${notes}`)).toBe('yes\nyes\n')
  })

  test.each([
    ['what is waited for', 'playbooks/wait.yml', 'Wait', 'given-up'],
    ['a question', 'playbooks/ask.yml', 'Ask', 'given-up'],
  ] as const)('gives up %s at once', async (_, playbook, name, how) => {
    const running = startPlay(site.path, playbook)
    await began()
    await sleep(1000)
    const asked = Date.now()
    running.child.kill('SIGINT')
    const ran = await running.done
    expect(ran.code, story(ran)).toBe(130)
    expect(Date.now() - asked).toBeLessThan(6000)
    for (const host of names) {
      expect(stood(ran)[host], story(ran)).toMatchObject({ task: { name }, how })
      expect(countsOf(ran, host).failed).toBe(0)
    }
    await expectNothingLeft()
  })

  test('says so to people at once, and in the end where each host stood', async () => {
    const running = start(site.path, ['play', 'playbooks/change.yml'])
    await began()
    const asked = Date.now()
    running.child.kill('SIGINT')
    const line = /finishing the current change on ca-\d \(Slow\), ca-\d \(Slow\); Ctrl-C again ends it/
    await until('the line', 2, () => line.test(running.said()))
    expect(Date.now() - asked).toBeLessThan(2000)
    const ran = await running.done
    expect(ran.code).toBe(130)
    for (const host of names) {
      expect(ran.stdout).toMatch(new RegExp(`${host}: finished 'Slow' · playbooks/change.yml`))
      expect(ran.stdout).toMatch(new RegExp(`${host} .*ok=`))
    }
    expect(ran.stdout).toMatch(/owed still, and run by the next run: Owe/)
  })
})

describe('two signals', () => {
  test('end what runs on all hosts; locks are given back, and the summary says so', async () => {
    const running = startPlay(site.path, 'playbooks/command.yml')
    await began()
    running.child.kill('SIGINT')
    await sleep(500)
    const asked = Date.now()
    running.child.kill('SIGINT')
    const ran = await running.done
    expect(ran.code, story(ran)).toBe(130)
    // TERM, and KILL 3 s later for those that do not mind it.
    expect(Date.now() - asked).toBeLessThan(10_000)
    expect(Object.keys(ran.end?.hosts ?? {}).sort()).toEqual([...names])
    for (const host of names) {
      expect(stood(ran)[host]).toMatchObject({ task: { name: 'Family' }, how: 'ended' })
      expect(await onHost(host, 'ls /run/ended /etc/went-on 2>/dev/null || echo none')).toBe('none\n')
    }
    await expectNothingLeft()
  })

  test('are one where they come together, as npx sends them', async () => {
    const running = startPlay(site.path, 'playbooks/change.yml')
    await began()
    running.child.kill('SIGINT')
    running.child.kill('SIGTERM')
    const ran = await running.done
    for (const host of names) expect(stood(ran)[host], story(ran)).toMatchObject({ how: 'done' })
  })

  test('a third ends the program at once', async () => {
    const running = startPlay(site.path, 'playbooks/command.yml')
    await began()
    for (let i = 0; i < 3; i++) {
      running.child.kill('SIGINT')
      await sleep(300)
    }
    const asked = Date.now()
    const ran = await running.done
    expect(ran.code ?? ran.signal).toBe(130)
    expect(Date.now() - asked).toBeLessThan(1000)
    for (const host of names) await onHost(host, 'pkill -KILL -f "sleep [4]321" || :')
  })

  test('the next run is not locked out', async () => {
    const ran = await play(site.path, 'playbooks/after.yml')
    expect(ran.code, story(ran)).toBe(0)
    for (const host of names) expect(countsOf(ran, host).changed).toBe(1)
  })
})
