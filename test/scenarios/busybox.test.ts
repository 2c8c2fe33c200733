import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LabHost, lab } from '../lab/lab.ts'
import { contradictions } from './stage/compare.ts'
import { bundled, countsOf, play, story, unbundle } from './stage/pitool.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'

// A host of busybox alone: what pitool does there is the same as anywhere, or refused with reason and cure. 17 s with booting.
const name = 'busybox-1'
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAbcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP me@here'
const works = [
  { copy: { dest: '/etc/one', content: 'one\n', mode: '0640' } },
  { template: { dest: '/etc/two', src: 'two.hbs' } },
  { file: { path: '/srv/d/e', state: 'directory', mode: '0750', owner: 'pi' } },
  { file: { path: '/srv/link', src: '/etc/one', state: 'link' } },
  { lineinfile: { path: '/etc/profile', line: 'umask 022', create: true } },
  { blockinfile: { path: '/etc/block', block: 'three', create: true } },
  { replace: { path: '/etc/issue', regexp: 'old', replace: 'new' } },
  { stat: { path: '/etc/one' } },
  { slurp: { src: '/etc/passwd' } },
  { authorized_key: { user: 'pi', key } },
  { sysctl: { name: 'net.ipv4.ip_forward', value: '1' } },
  { hostname: { name: 'busybox-new' } },
  { wait_for: { port: 22 } },
  { command: { argv: ['touch', '/srv/made'], creates: '/srv/made' } },
  { shell: 'echo hi > /srv/out', args: { creates: '/srv/out' } },
]
const refused = [
  { systemd: { name: 'ssh', state: 'started' } },
  { apt: { name: 'curl' } },
  { group: { name: 'makers' } },
  { user: { name: 'ada' } },
]

let host: LabHost
let site: Site

beforeAll(async () => {
  await bundled()
  host = (await lab.up(1, { names: [name], suite: 'busybox' }))[0]!
  await lab.reset([name])
  await lab.exec(name, 'echo old > /etc/issue')
  site = makeSite({
    'hosts.yml': inventoryOf([host]),
    'works.yml': [{ hosts: 'all', become: true, gather_facts: true, tasks: works }],
    'two.hbs': 'on {{ inventory_hostname }}\n',
  })
})
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down([name])
})

test('files, settings and commands: check, run, and nothing left to do', async () => {
  const check = await play(site.path, 'works.yml', '-i', 'hosts.yml', '--check', '--diff')
  expect(check.code, story(check)).toBe(0)
  const run = await play(site.path, 'works.yml', '-i', 'hosts.yml', '--diff')
  expect(run.code, story(run)).toBe(0)
  expect(contradictions(check, run)).toEqual([])
  expect(countsOf(run, name).changed, story(run)).toBeGreaterThan(10)
  const again = await play(site.path, 'works.yml', '-i', 'hosts.yml')
  expect(countsOf(again, name), story(again)).toMatchObject({ changed: 0, failed: 0, unknown: 0 })
})

test('a file of a number that has no name: what is not asked for stays', async () => {
  const files = ['written', 'owned', 'grouped'].map(file => `/srv/${file}`)
  await lab.exec(name, files.map(file => `: >${file}; chown 12345:54321 ${file}`).join('\n'))
  const tasks = [
    { copy: { dest: '/srv/written', content: 'new\n', group: 'root' } },
    { file: { path: '/srv/owned', owner: 'pi' } },
    { file: { path: '/srv/grouped', group: 'root' } },
  ]
  site.write('numbers.yml', JSON.stringify([{ hosts: 'all', become: true, tasks }]))
  const run = await play(site.path, 'numbers.yml', '-i', 'hosts.yml')
  expect(countsOf(run, name), story(run)).toMatchObject({ changed: 3, failed: 0 })
  const seen = await lab.exec(name, `stat -c %u:%g ${files.join(' ')}`)
  expect(seen.stdout.split('\n').slice(0, 3)).toEqual(['12345:0', '1000:54321', '12345:0'])
})

test.each(refused)('refused with reason and cure, and nothing is changed: %j', async task => {
  site.write('one.yml', JSON.stringify([{ hosts: 'all', become: true, tasks: [task] }]))
  const before = await lab.exec(name, 'cat /etc/passwd /etc/group /etc/shadow')
  const check = await play(site.path, 'one.yml', '-i', 'hosts.yml', '--check')
  expect(check.ends.find(end => end.status === 'failed')?.diagnostic).toMatchObject({ code: 'unsupported' })
  const run = await play(site.path, 'one.yml', '-i', 'hosts.yml')
  const { diagnostic } = run.ends.find(end => end.status === 'failed')!
  expect(diagnostic).toMatchObject({ code: 'unsupported', hint: expect.stringMatching(/./) })
  expect((await lab.exec(name, 'cat /etc/passwd /etc/group /etc/shadow')).stdout).toBe(before.stdout)
})

test('another boot', async () => {
  await lab.reboot(name)
  const again = await play(site.path, 'works.yml', '-i', 'hosts.yml')
  expect(countsOf(again, name), story(again)).toMatchObject({ changed: 0, failed: 0 })
})
