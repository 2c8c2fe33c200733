import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Code } from '../../src/core/codes.ts'
import { knownHostsLines, type LabHost, lab } from '../lab/lab.ts'
import { type Proxy as BadNetwork, startProxy } from '../lab/proxy.ts'
import { freshHosts, onHost, until } from './stage/cluster.ts'
import { bundled, countsOf, type Played, pitool, play, startPlay, story, unbundle } from './stage/pitool.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'

const names = ['hf-well', 'hf-disk', 'hf-boot', 'hf-net', 'hf-apt', 'hf-cut'] as const

interface Fault {
  readonly host: (typeof names)[number]
  readonly name: string
  readonly task: object
  readonly code: Code
  readonly message: RegExp
  readonly hint: RegExp
}

const line = 'console=tty1 root=PARTUUID=4f2c1a3b-02 rootwait'

// Holds dpkg's lock as another apt does: a record lock, which flock(1) cannot make.
const holdLock = [
  'use Fcntl;',
  'open F, "+<", "/var/lib/dpkg/lock-frontend" or die;',
  'my $lock = pack("s s x4 l! l! i x64", F_WRLCK, 0, 0, 0, 0);',
  'fcntl(F, F_SETLK, $lock) or die;',
  'sleep 120;',
].join('\n')

/** Done on the hosts before the run. */
const prepared = {
  'hf-disk': `mkdir -p /srv/full /srv/fixed /srv/inodes
mount -t tmpfs -o size=1m,nr_inodes=4 tmpfs /srv/inodes && touch /srv/inodes/1 /srv/inodes/2 /srv/inodes/3
mount -t tmpfs -o size=64k tmpfs /srv/full && { head -c 100000 /dev/zero >/srv/full/filling || :; }
mount -t tmpfs -o ro tmpfs /srv/fixed`,
  'hf-boot': `printf '%s\\n' '${line}' 'second=line' >/srv/two-lines.txt
printf '%s\\n' 'console=tty1 rootwait' >/srv/no-root.txt`,
  'hf-apt': `apt-get -qq update; printf '%s\\n' '${holdLock}' >/root/hold-lock`,
}

const faults: readonly Fault[] = [
  {
    host: 'hf-disk',
    name: 'a full file system',
    task: { copy: { dest: '/srv/full/big', content: 'x'.repeat(200_000) } },
    code: 'disk-full',
    message: /\/srv\/full\/big.*full/,
    hint: /df/,
  },
  {
    host: 'hf-disk',
    name: 'no inode left',
    task: { copy: { dest: '/srv/inodes/one-more', content: 'x' } },
    code: 'disk-full',
    message: /\/srv\/inodes\/one-more.*full/,
    hint: /df -i/,
  },
  {
    host: 'hf-disk',
    name: 'a path that is read-only',
    task: { copy: { dest: '/srv/fixed/file', content: 'x' } },
    code: 'read-only',
    message: /\/srv\/fixed\/file.*read-only/,
    hint: /mount/,
  },
  {
    host: 'hf-disk',
    name: 'a folder that is not there',
    task: { copy: { dest: '/srv/none/file', content: 'x' } },
    code: 'not-found',
    message: /\/srv\/none/,
    hint: /state: directory/,
  },
  {
    host: 'hf-disk',
    name: 'a validation that says no',
    task: { copy: { dest: '/etc/sudoers.d/zz-bad', content: 'pi ALL=(((\n', mode: '0440', validate: 'visudo -cf %s' } },
    code: 'validation-failed',
    message: /zz-bad.*refused/,
    hint: /content/,
  },
  {
    host: 'hf-disk',
    name: 'no right to do it',
    task: { copy: { dest: '/etc/not-mine', content: 'x' }, become: false },
    code: 'permission-denied',
    message: /\/etc\/not-mine/,
    hint: /become: true/,
  },
  {
    host: 'hf-boot',
    name: 'a kernel command line of two lines',
    task: { kernel_cmdline: { path: '/srv/two-lines.txt', present: ['cgroup_enable=memory'] } },
    code: 'cmdline-many-lines',
    message: /\/srv\/two-lines\.txt/,
    hint: /line/,
  },
  {
    host: 'hf-boot',
    name: 'a kernel command line without root=',
    task: { kernel_cmdline: { path: '/srv/no-root.txt', present: ['cgroup_enable=memory'] } },
    code: 'cmdline-not-kernel',
    message: /\/srv\/no-root\.txt/,
    hint: /boot partition|path/,
  },
  {
    host: 'hf-net',
    name: 'no such connection',
    task: { nmcli: { conn_name: 'Wired connection 9', dns4: ['1.1.1.1'] } },
    code: 'connection-not-found',
    message: /Wired connection 9.*Wired connection 1/,
    hint: /default route/,
  },
  {
    host: 'hf-net',
    name: 'no such unit',
    task: { systemd: { name: 'no-such-thing', state: 'started' } },
    code: 'not-found',
    message: /no-such-thing/,
    hint: /package|unit/,
  },
  {
    host: 'hf-net',
    name: 'a port that never opens',
    task: { wait_for: { port: 9, timeout: 1 } },
    code: 'wait-timeout',
    message: /9/,
    hint: /./,
  },
  {
    host: 'hf-apt',
    name: 'no such package',
    task: { apt: { name: 'no-such-package-here' } },
    code: 'package-not-found',
    message: /no-such-package-here/,
    hint: /name|source|update/,
  },
  {
    host: 'hf-apt',
    name: 'dpkg interrupted',
    task: { apt: { name: 'hello-pitool' } },
    code: 'dpkg-interrupted',
    message: /cut off/,
    hint: /dpkg --configure -a/,
  },
  {
    host: 'hf-apt',
    name: 'dpkg locked by another',
    task: { apt: { name: 'hello-pitool', lock_timeout: 1 } },
    code: 'dpkg-locked',
    message: /perl|lock/,
    hint: /wait|lock_timeout/,
  },
]

/** Between the faults: what makes the next one. */
const between: Readonly<Record<string, object>> = {
  'dpkg interrupted': { command: 'touch /var/lib/dpkg/updates/0000' },
  'dpkg locked by another': {
    shell: 'rm /var/lib/dpkg/updates/0000; systemd-run --unit=holder perl /root/hold-lock; sleep 1',
  },
}

let hosts: readonly LabHost[]
let proxy: BadNetwork
let site: Site
let run: Played

beforeAll(async () => {
  await bundled()
  hosts = await freshHosts(names)
  await Promise.all(Object.entries(prepared).map(([host, script]) => onHost(host, script)))
  const cut = hosts.find(({ name }) => name === 'hf-cut')!
  proxy = await startProxy({ host: cut.address, port: cut.port })
  site = makeSite({ 'playbooks/site.yml': [{ name: 'Try', hosts: 'all', become: true, tasks: tasks() }] })
  const known = site.write('known_hosts', knownHostsLines(cut, '127.0.0.1', proxy.port))
  const way = { 'hf-cut': { host: '127.0.0.1', port: proxy.port, known_hosts_file: known } }
  site.write('inventory/hosts.yml', JSON.stringify(inventoryOf(hosts, { hosts: way })))
  const running = startPlay(site.path, '--forks', '10')
  await until('the command that is to be cut', 60, async () => {
    return (await onHost('hf-cut', 'ls /root/began 2>/dev/null || :')) !== ''
  })
  proxy.cut()
  run = await running.done
})
afterAll(async () => {
  await proxy?.close()
  site?.remove()
  unbundle()
  await lab.down([...names])
})

function tasks(): readonly object[] {
  const failing = faults.flatMap(({ host, name, task }) => {
    const when = `inventory_hostname == "${host}"`
    const last = faults.findLast(fault => fault.host === host)?.name === name
    const before = between[name] ? [{ name: `before ${name}`, ...between[name], when }] : []
    return [...before, { name, ...task, when, ...(last ? {} : { ignore_errors: true }) }]
  })
  const cut = { name: 'a long command', shell: 'touch /root/began; sleep 6', when: 'inventory_hostname == "hf-cut"' }
  return [cut, ...failing, { name: 'Go on', copy: { dest: '/etc/went-on', content: 'yes\n' } }]
}

describe('faults of a host, each with its cause and cure', () => {
  test.each(faults.map(fault => [`${fault.host}: ${fault.name}: ${fault.code}`, fault] as const))('%s', (_, fault) => {
    const end = run.ends.find(({ host, task }) => host === fault.host && task.name === fault.name)
    expect(end?.status, story(run)).toBe('failed')
    expect(end?.diagnostic).toMatchObject({ code: fault.code, place: expect.stringContaining('playbooks/site.yml:') })
    expect(end?.diagnostic?.message).toMatch(fault.message)
    expect(end?.diagnostic?.hint).toMatch(fault.hint)
  })

  test('the connection cut during a change: whether it was done is unknown, and said so', () => {
    const end = run.ends.find(({ host, task }) => host === 'hf-cut' && task.name === 'a long command')
    expect(end?.diagnostic, story(run)).toMatchObject({ code: 'outcome-unknown' })
    expect(end?.diagnostic?.hint).toMatch(/then run again/)
    expect(countsOf(run, 'hf-cut')).toMatchObject({ failed: 1, unreachable: false })
  })

  test('the one that is well goes on to the end, the others do not', async () => {
    expect(run.code, story(run)).toBe(2)
    expect(countsOf(run, 'hf-well')).toMatchObject({ changed: 1, failed: 0, unreachable: false })
    for (const host of names) {
      const wanted = host === 'hf-well' ? 'yes\n' : 'none\n'
      expect(await onHost(host, 'cat /etc/went-on 2>/dev/null || echo none'), host).toBe(wanted)
    }
  })

  test('what failed left nothing half done', async () => {
    expect(await onHost('hf-disk', 'ls /etc/not-mine 2>/dev/null || echo none')).toBe('none\n')
    expect(await onHost('hf-disk', 'ls -A /srv/full')).toBe('filling\n')
    expect(await onHost('hf-disk', 'ls -A /srv/inodes')).toBe('1\n2\n3\n')
    expect(await onHost('hf-disk', 'ls -A /etc/sudoers.d')).not.toMatch(/zz-bad|pitool/)
    expect(await onHost('hf-boot', 'cat /srv/two-lines.txt')).toBe(`${line}\nsecond=line\n`)
  })

  test('a check finds the same, where the text and the host decide it', async () => {
    const ran = await pitool(site.path, 'play', '--check', '--limit', 'hf-boot,hf-net')
    for (const code of ['cmdline-many-lines', 'cmdline-not-kernel', 'connection-not-found']) {
      expect(ran.stdout).toContain(`[${code}]`)
    }
    expect(ran.code).toBe(2)
  })

  test('after the cut the next run finds its way', async () => {
    const again = await play(site.path, '--limit', 'hf-cut', '--wait-lock', '30')
    expect(again.code, story(again)).toBe(0)
    expect(await onHost('hf-cut', 'cat /etc/went-on')).toBe('yes\n')
  })

  test('a root file system that went read-only: said, nothing done, and mended it is finished', async () => {
    const tasks = [{ copy: { dest: '/etc/on-root', content: 'yes\n' }, notify: 'Tell' }, { user: { name: 'late' } }]
    const handlers = [{ name: 'Tell', copy: { dest: '/etc/told', content: 'yes\n' } }]
    site.write('root.yml', JSON.stringify([{ hosts: 'hf-well', become: true, tasks, handlers }]))
    // A root with open files cannot be remounted from within: all that a run writes to is, folder by folder.
    const folders = '/etc /usr /var/lib /home /root /boot'
    await onHost('hf-well', `for dir in ${folders}; do mount --bind $dir $dir; mount -o remount,bind,ro $dir; done`)
    const broken = await play(site.path, 'root.yml')
    const checked = await play(site.path, 'root.yml', '--check')
    await onHost('hf-well', `umount -l ${folders}`)
    expect(broken.code, story(broken)).toBe(2)
    expect(broken.ends.find(({ status }) => status === 'failed')?.diagnostic).toMatchObject({
      code: 'read-only',
      hint: expect.stringMatching(/remount|mount/),
    })
    expect(checked.code, story(checked)).not.toBe(1)
    expect(await onHost('hf-well', 'ls /etc/on-root /etc/told 2>/dev/null || echo none')).toBe('none\n')
    const mended = await play(site.path, 'root.yml')
    expect(mended.code, story(mended)).toBe(0)
    expect(await onHost('hf-well', 'cat /etc/on-root /etc/told; id -u late')).toMatch(/^yes\nyes\n\d+\n$/)
    expect(await onHost('hf-well', 'ls -A /var/lib/pitool/pending 2>/dev/null || :')).toBe('')
  })
})
