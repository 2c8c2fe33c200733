import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join as path } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LabHost, lab } from '../lab/lab.ts'
import { freshHosts, k3sProgram, nodes, onHost, serverToken, serverUp } from './stage/cluster.ts'
import { bundled, type Played, pitool, play, type Ran, story, unbundle } from './stage/pitool.ts'
import { type SeenProcess, watchProcesses } from './stage/process-watch.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'

const server = 'se-server'
// The first gets a token made for it, the second the server's own; both hosts ask for passwords.
const [bootstrap, own] = ['se-w1', 'se-w2'] as const
const workers = [bootstrap, own]
const all = [server, ...workers]
const envFile = '/etc/systemd/system/k3s-agent.service.env'
const password = `canary-${randomBytes(12).toString('hex')}`

let site: Site
let check: Ran
let run: Played
let human: Ran
let seen: readonly SeenProcess[]
/** Name of each secret, and its parts that tell it apart. */
const secrets = new Map<string, string>()

beforeAll(async () => {
  await bundled()
  const [srv] = await freshHosts([server])
  const pair = await lab.up(2, { names: workers, sudoPassword: true, key: false })
  await lab.reset(workers)
  for (const host of workers) await onHost(host, 'chpasswd', `pi:${password}\n`)
  serverUp(server)
  site = makeSite({ 'playbooks/site.yml': playbook, 'inventory/hosts.yml': inventory([srv!, ...pair]) })
  secrets.set('the password', password)
  secrets.set("the server's token", (await serverToken(server)).split(':').at(-1)!)
  check = await pitool(site.path, 'play', '--check', '--diff', '-vv')
  const watch = await watchProcesses()
  // What the watch must be able to see, or it proves nothing.
  await onHost(server, 'sleep 1 & env PLANTED=planted-in-environment sh -c "sleep 1 # planted-in-arguments"; wait')
  run = await play(site.path, '--diff', '-vv', '--forks', '5')
  human = await pitool(site.path, 'play', '--diff', '-vv')
  seen = await watch.end()
  const made = /K3S_TOKEN='?"?([^'"\n]+)/.exec(await onHost(bootstrap, `cat ${envFile}`))?.[1]
  secrets.set('the token made for one worker', made!.split(':').at(-1)!.split('.').at(-1)!)
})
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down(all)
})

const playbook = [
  { name: 'Join', hosts: 'workers', become: true, roles: ['k3s_agent', 'node_labels'] },
  {
    name: 'Write',
    hosts: 'workers',
    become: true,
    tasks: [
      { name: 'A file', copy: { dest: '/etc/mine', content: 'password: {{ansible_password}}\n', mode: '0600' } },
      { name: 'One line', lineinfile: { path: '/etc/mine', line: 'again: {{ansible_password}}' } },
      { name: 'A command', command: { cmd: 'tee /etc/tee', stdin: '{{ansible_password}}' } },
      { name: 'Said', debug: { msg: 'it is {{ansible_password}}' } },
    ],
  },
]

function inventory(hosts: readonly LabHost[]): object {
  return inventoryOf(hosts, {
    groups: { server: [server], workers },
    vars: { k3s_install: 'file', k3s_binary_src: k3sProgram, node_labels: { hardware: 'pi5' } },
    hosts: Object.fromEntries(
      workers.map(host => [
        host,
        {
          ansible_password: password,
          ansible_become_password: password,
          private_key_file: null,
          k3s_token_kind: host === own ? 'server' : 'bootstrap',
        },
      ]),
    ),
  })
}

/** The secrets that stand in that text, by name: as they are, in base64 and in hexadecimal. */
function found(text: string): readonly string[] {
  return [...secrets].filter(([, secret]) => forms(secret).some(form => text.includes(form))).map(([name]) => name)
}

function forms(secret: string): readonly string[] {
  const base64 = [0, 1, 2].map(shift => Buffer.from('x'.repeat(shift) + secret).toString('base64'))
  // The ends depend on what stands beside it.
  return [secret, Buffer.from(secret).toString('hex'), ...base64.map(text => text.slice(4, -4))]
}

describe('a secret is nowhere but where it belongs', () => {
  test('the run came to its end, and the tokens are in their files of mode 0600', async () => {
    expect(run.code, story(run)).toBe(0)
    expect(human.code, human.stdout).toBe(0)
    expect((await nodes(server)).filter(({ ready }) => ready)).toHaveLength(3)
    for (const host of workers)
      expect(await onHost(host, `stat -c '%a %U' ${envFile} /etc/mine`)).toBe('600 root\n600 root\n')
    expect(found(await onHost(own, `cat ${envFile}`))).toEqual(["the server's token"])
    expect(found(await onHost(bootstrap, `cat ${envFile}`))).toEqual(['the token made for one worker'])
    expect(found(await onHost(own, 'cat /etc/mine'))).toEqual(['the password'])
  })

  test('not in arguments or environments, here or on any host', () => {
    const texts = seen.filter(({ k3s }) => !k3s).flatMap(({ cmdline, environ }) => [cmdline, environ])
    expect(texts.some(text => text.includes('planted-in-arguments'))).toBe(true)
    expect(texts.some(text => text.includes('planted-in-environment'))).toBe(true)
    expect(texts.some(text => text.includes('sudo'))).toBe(true)
    expect(texts.filter(text => found(text).length > 0)).toEqual([])
  })

  test('not in what we say: human and NDJSON, check and run, with --diff and -vv', () => {
    for (const ran of [check, run, human]) {
      expect(ran.stdout.length).toBeGreaterThan(500)
      expect(found(ran.stdout + ran.stderr)).toEqual([])
    }
    expect(human.stdout + check.stdout).toContain('<secret>')
  })

  test('not in our own files', () => {
    const folder = path(site.path, '.pitool')
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
    expect(files.length).toBeGreaterThan(0)
    for (const file of files)
      expect(found(readFileSync(path(file.parentPath, file.name), 'latin1')), file.name).toEqual([])
  })

  test.each(all)('not in the journal of %s, sudo among it', async host => {
    const journal = await onHost(host, 'journalctl -q --no-pager -o json --all')
    expect(journal).toContain('sudo')
    expect(found(journal)).toEqual([])
  })

  test.each(all)('in no other file of %s', async host => {
    const patterns = [...secrets.values()].flatMap(forms).join('\n')
    const where = '/etc /root /home /var /run /tmp /usr/local /boot /dev/shm /opt'
    const files = await onHost(host, `grep -rlaFs -D skip --exclude-dir=journal -f - ${where} || :`, `${patterns}\n`)
    const wanted = host === server ? [] : ['/etc/mine', envFile, '/etc/tee']
    // What k3s keeps of it in its own folder is its own matter.
    const others = files.split('\n').filter(file => file !== '' && !file.startsWith('/var/lib/rancher/k3s/'))
    expect(others.sort()).toEqual(wanted)
  })
})

describe("sudo's record of what it is sent", () => {
  const record = '/etc/sudoers.d/record'
  const task = (name: string, content: string) => ({ name, copy: { dest: `/etc/${name}`, content, mode: '0600' } })
  const warned = (played: Played) =>
    played.events.findIndex(event => event.type === 'warning' && event.diagnostic.code === 'input-recorded')
  const ended = (played: Played, name: string) =>
    played.events.findIndex(event => event.type === 'host.end' && event.task.name === name)

  beforeAll(async () => {
    // What stands between the two files keeps them from riding together.
    const between = { name: 'between', command: { argv: ['true'] }, readonly: true }
    const tasks = [task('open', 'nothing to hide\n'), between, task('hidden', '{{ansible_password}}\n')]
    site.write('playbooks/record.yml', JSON.stringify([{ hosts: own, become: true, tasks }]))
    await onHost(own, `echo 'Defaults:pi log_input' > ${record}; chmod 0440 ${record}`)
  })

  test('is told of before a secret goes there, once, and not before', async () => {
    const first = await play(site.path, 'playbooks/record.yml')
    expect(first.code, story(first)).toBe(0)
    expect(
      first.events.filter(event => event.type === 'warning' && event.diagnostic.code === 'input-recorded'),
    ).toEqual([
      {
        type: 'warning',
        diagnostic: expect.objectContaining({ host: own, hint: expect.stringContaining('log_input') }),
      },
    ])
    expect(ended(first, 'open')).toBeLessThan(warned(first))
    expect(warned(first)).toBeLessThan(ended(first, 'hidden'))
    // It is true: sudo has it.
    const kept = await onHost(own, 'find /var/log/sudo-io -type f -exec zcat -f {} +')
    expect(found(kept)).toEqual(['the password'])
  })

  test('is told of on the way to somebody other than root too, and after a secret that went past sudo', async () => {
    const hide = (name: string, become_user: string) => ({ ...task(name, '{{ansible_password}}\n'), become_user })
    const tasks = [hide('past', 'pi'), hide('other', 'www-data')].map(({ copy, ...rest }) => ({
      ...rest,
      copy: { ...copy, dest: `/tmp/${rest.name}` },
    }))
    site.write('playbooks/others.yml', JSON.stringify([{ hosts: own, become: true, tasks }]))
    await onHost(own, 'rm -rf /var/log/sudo-io')
    const played = await play(site.path, 'playbooks/others.yml')
    expect(played.code, story(played)).toBe(0)
    expect(ended(played, 'past')).toBeLessThan(warned(played))
    expect(warned(played)).toBeLessThan(ended(played, 'other'))
    expect(found(await onHost(own, 'find /var/log/sudo-io -type f -exec zcat -f {} +'))).toEqual(['the password'])
    await onHost(own, `echo 'Defaults:pi !log_input' >> ${record}; rm -f /tmp/past /tmp/other`)
    const silent = await play(site.path, 'playbooks/others.yml')
    expect(silent.code, story(silent)).toBe(0)
    expect(warned(silent)).toBe(-1)
    await onHost(own, `rm -f /tmp/past /tmp/other; echo 'Defaults:pi log_input' > ${record}`)
  })

  test('is not spoken of where nothing secret goes there, or where nothing is recorded', async () => {
    const quiet = await play(site.path, 'playbooks/record.yml')
    expect(quiet.code, story(quiet)).toBe(0)
    expect(warned(quiet)).toBe(-1)
    await onHost(own, `echo 'Defaults:pi !log_input' >> ${record}; rm -f /etc/hidden`)
    const silent = await play(site.path, 'playbooks/record.yml')
    expect(silent.code, story(silent)).toBe(0)
    expect(warned(silent)).toBe(-1)
    await onHost(own, `rm -r ${record} /var/log/sudo-io`)
  })
})
