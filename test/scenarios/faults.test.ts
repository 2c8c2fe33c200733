import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { knownHostsLines, type LabHost, lab } from '../lab/lab.ts'
import { startProxy } from '../lab/proxy.ts'
import { freshHosts, onHost, until } from './stage/cluster.ts'
import { bundled, countsOf, failureOf, type Played, play, startPlay, story, unbundle } from './stage/pitool.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'

const noisy = 'fa-noisy'
const narrow = 'fa-narrow'
const swept = 'fa-swept'
const names = [noisy, narrow, swept] as const

/** MiB that a command prints on each output: 1024 for the whole of it. */
const flood = Number(process.env.PITOOL_FLOOD ?? 200)
/** At how many moments each victim is killed; `all`: at each of them. */
const moments = process.env.PITOOL_FAULTS === 'all' ? 1000 : Number(process.env.PITOOL_FAULTS ?? 3)

let hosts: readonly LabHost[]
let site: Site

const noise = `printf 'WARNING: authorized use only\\n' >/etc/issue.net
printf 'Banner /etc/issue.net\\nPrintMotd yes\\nPrintLastLog yes\\n' >/etc/ssh/sshd_config.d/00-noise.conf
printf 'Welcome!\\n' >/etc/motd
for user in /home/pi /root; do
  for file in .bashrc .profile .bash_profile .bash_login; do
    printf 'echo noise of %s\\necho loud noise >&2\\nprintf "\\\\033]0;title\\\\007"\\n' $file | cat - $user/$file 2>/dev/null >/tmp/f || :
    cat /tmp/f >$user/$file
  done
done
systemctl restart ssh`

const everything = [
  { name: 'File', copy: { dest: '/etc/one', content: 'one\n' }, notify: 'Owe' },
  { name: 'Line', lineinfile: { path: '/etc/two', line: 'two', create: true } },
  { name: 'Command', shell: { cmd: 'echo three >/etc/three; echo said', creates: '/etc/three' } },
  { name: 'Look', shell: { cmd: 'cat /etc/three', readonly: true }, register: 'look' },
  { name: 'Folder', file: { path: '/etc/four', state: 'directory', mode: '0750' } },
  { name: 'Template', copy: { dest: '/etc/five', content: '{{default look.stdout "x"}}\n' } },
]
const owe = { name: 'Owe', shell: { cmd: 'echo paid >/etc/paid', creates: '/etc/paid' } }
const clean = 'rm -rf /etc/one /etc/two /etc/three /etc/four /etc/five /etc/paid /var/lib/pitool /run/pitool'
// A lock whose holder is gone lasts until the next change.
const locked =
  '[ ! -e /run/pitool/lock ] || { read -r b p s </run/pitool/lock; [ ! -d "/proc/$p" ] || echo "locked by $p"; }'
const whole = `cd /etc; cat one two three five paid; stat -c %a four; ${locked}; ls -A /var/lib/pitool/pending; find / -xdev -name ".pitool-*"`
const asWhole = 'one\ntwo\nthree\nthree\npaid\n750\n'

beforeAll(async () => {
  await bundled()
  hosts = await freshHosts(names)
  site = makeSite({
    'inventory/hosts.yml': inventoryOf(hosts),
    'playbooks/all.yml': [{ name: 'All', hosts: 'all', become: true, tasks: everything, handlers: [owe] }],
    'playbooks/flood.yml': [
      {
        name: 'Flood',
        hosts: noisy,
        become: true,
        tasks: [
          { name: 'Out', shell: `head -c ${flood}M /dev/zero | tr '\\0' x`, register: 'out' },
          { name: 'Err', shell: `head -c ${flood}M /dev/zero | tr '\\0' x >&2`, register: 'err' },
          { name: 'Both', shell: `head -c 9M /dev/zero | tee /dev/stderr`, ignore_errors: true },
          { name: 'After', copy: { dest: '/etc/after', content: 'yes\n' } },
        ],
      },
    ],
    'playbooks/behind.yml': [
      {
        name: 'Behind',
        hosts: noisy,
        become: true,
        tasks: [
          { name: 'Child', shell: 'sleep 1000 & echo began', register: 'child' },
          { name: 'Holder', shell: '(sleep 1000; echo late) & exit 3', failed_when: 'false' },
          { name: 'After', copy: { dest: '/etc/after-child', content: '{{child.stdout}}\n' } },
        ],
      },
    ],
  })
})
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down([...names])
})

const of = (name: string) => hosts.find(host => host.name === name)!
const all = (host: string, ...more: string[]) => play(site.path, 'playbooks/all.yml', '--limit', host, ...more)

async function expectDoneOnce(host: string, ran: Played): Promise<void> {
  expect(ran.code, story(ran)).toBe(0)
  const again = await all(host)
  expect(again.code, story(again)).toBe(0)
  expect(countsOf(again, host)).toMatchObject({ changed: 0, failed: 0 })
  expect(await onHost(host, whole)).toBe(asWhole)
}

describe('a host that is loud', () => {
  test('banner, motd, shells that print on both outputs', async () => {
    await onHost(noisy, noise)
    await expectDoneOnce(noisy, await all(noisy))
  })

  test(`a command that prints ${flood} MiB on an output is cut, and says so; memory stays bounded`, async () => {
    const running = startPlay(site.path, 'playbooks/flood.yml')
    const peak = peakOf(running.child.pid)
    const ran = await running.done
    expect(ran.code, story(ran)).toBe(0)
    for (const [name, output] of [
      ['Out', 'stdout'],
      ['Err', 'stderr'],
    ] as const) {
      const said = ran.ends.find(({ task }) => task.name === name)?.result?.[output]
      expect(String(said).length).toBeLessThan(2_000_000)
    }
    const both = ran.ends.find(({ task }) => task.name === 'Both')
    expect(both?.diagnostic).toMatchObject({ code: 'bad-answer', hint: expect.stringMatching(/to a file/) })
    expect(await onHost(noisy, 'cat /etc/after')).toBe('yes\n')
    expect(await peak, 'KiB').toBeLessThan(400 * 1024)
  })

  test('children in the background that hold the outputs open hold nothing up', async () => {
    const began = Date.now()
    const ran = await play(site.path, 'playbooks/behind.yml')
    expect(ran.code, story(ran)).toBe(0)
    expect(Date.now() - began).toBeLessThan(15_000)
    expect(await onHost(noisy, 'cat /etc/after-child; pkill -f "sleep 100[0]"')).toBe('began\n')
  })
})

/** The most memory a process had, in KiB, until it ends. */
async function peakOf(pid: number): Promise<number> {
  for (let peak = 0; ; await sleep(50)) {
    try {
      peak = Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? peak)
    } catch {
      return peak
    }
  }
}

describe('a server that is narrow', () => {
  const sshd = (text: string) =>
    onHost(narrow, `printf '${text}' >/etc/ssh/sshd_config.d/00-narrow.conf; systemctl restart ssh; ${clean}`)

  test('MaxSessions 1: fewer channels, the same result', async () => {
    await sshd('MaxSessions 1\\n')
    await expectDoneOnce(narrow, await all(narrow))
  })

  test('MaxStartups reached for a while: called again; for good: said so', async () => {
    await sshd('MaxStartups 1:100:1\\n')
    const held = await knock(of(narrow))
    setTimeout(() => held.destroy(), 1000)
    await expectDoneOnce(narrow, await all(narrow))

    const keeping = await knock(of(narrow))
    const refused = await all(narrow)
    keeping.destroy()
    expect(refused.code).toBe(4)
    expect(failureOf(refused, narrow)).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/hung up on \d calls/),
      hint: expect.stringMatching(/MaxStartups.*--forks/),
    })
  })

  test('far away: 300 ms there and back change nothing but the time', async () => {
    await sshd('')
    const host = of(narrow)
    const proxy = await startProxy({ host: host.address, port: host.port, delayMs: 300 })
    const known = site.write('known-far', knownHostsLines(host, '127.0.0.1', proxy.port))
    const way = ['-e', `host=127.0.0.1 port=${proxy.port} known_hosts_file=${known}`]
    const ran = await all(narrow, ...way).finally(() => proxy.close())
    await expectDoneOnce(narrow, ran)
  })
})

/** A caller who never says who they are, and so holds one of the server's places. */
function knock({ address, port }: LabHost): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, address)
    socket.on('error', reject)
    socket.once('data', () => resolve(socket))
  })
}

describe('a kill at each step', () => {
  const victims = {
    'the control side': (running: ReturnType<typeof startPlay>) => running.child.kill('SIGKILL'),
    "root's shell": () => lab.exec(swept, `pkill -KILL -f '^sh$' -u root`),
    sudo: () => lab.exec(swept, 'pkill -KILL -x sudo'),
    'the login': () => lab.exec(swept, 'pkill -KILL -u pi'),
  }

  test.each(Object.entries(victims))('of %s: the next run ends as it should', async (_, strike) => {
    await onHost(swept, clean)
    const steps = (await all(swept)).events.length
    const count = Math.min(moments, steps)
    for (let i = 0; i < count; i++) {
      await onHost(swept, clean)
      const at = Math.floor(((i + 0.5) * steps) / count)
      const running = startPlay(site.path, 'playbooks/all.yml', '--limit', swept)
      await until(`event ${at}`, 30, () => lines(running.said()) >= at || running.child.exitCode !== null)
      await strike(running)
      const ran = await running.done
      for (const { diagnostic } of ran.ends) {
        if (diagnostic)
          expect(diagnostic).toMatchObject({
            message: expect.stringMatching(/./),
            place: expect.stringMatching(/all\.yml:\d/),
          })
      }
      await expectDoneOnce(swept, await all(swept, '--wait-lock', '20'))
    }
  })
})

const lines = (text: string) => text.split('\n').length - 1
