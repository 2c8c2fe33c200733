import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join as path } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { modules } from '../../src/modules/index.ts'
import { type LabHost, lab } from '../lab/lab.ts'
import { Canaries, filesWith } from './stage/canary.ts'
import { freshHosts, onHost, serverToken, serverUp } from './stage/cluster.ts'
import { ageKey, ageKeyFile, sopsFile, vaulted } from './stage/encrypted.ts'
import { argumentsOf, fails, folder, handlers, misplacing, owing, type Task, works } from './stage/leak-plays.ts'
import { bundled, countsOf, type Played, type Ran, start, story, unbundle, withEvents } from './stage/pitool.ts'
import { type SeenProcess, watchProcesses } from './stage/process-watch.ts'
import { inventoryOf, makeSite, type Site } from './stage/site.ts'

// Every module with a secret in each argument that takes one, and refused in all others: checked, run, run again, and
// failing. Nothing but the named destinations may hold any of them then. 45 s with booting.
const [server, name] = ['le-server', 'le-host'] as const
const canaries = new Canaries()
/** With what each way of quoting writes otherwise. */
const odd = (part: string) => `${part} 'q" $x\\%41 é&<`
const shapes: Readonly<Record<string, (part: string) => string>> = {
  exported: part => part,
  shelled: part => part,
  misplaced: part => part,
  blocked: part => `${odd(part)}\nmore of ${odd(part)}`,
  hashed: part => `$6$saltsalt${part.padEnd(86, '.')}`,
}
const inVault = 'named copied templated was lined replaced fed echoed fact debugged looped asserted handled hashed'
const inSops = 'clustered blocked looked configured proxied failing exported shelled misplaced'
/** Why a module is in none of the plays. */
const excused: Readonly<Record<string, string>> = {
  cgroup_info: 'it has no argument',
  reboot_info: 'it has no argument',
}

const args = argumentsOf(modules)
const local = new Set(modules.flatMap(({ name, local }) => (local ? [name] : [])))
// What the engine does by itself has but numbers and truth values left, and looks at none of them.
const misplaced = args.filter(({ module, takes }) => !takes && !local.has(module))
const told = new Map<string, Ran>()
let hosts: readonly LabHost[]
let site: Site
let run: Played
let refused: Played
let seen: readonly SeenProcess[]

beforeAll(async () => {
  await bundled()
  hosts = [...(await freshHosts([server])), ...(await freshHosts([name], { sudoPassword: true }))]
  await onHost(name, 'chpasswd', `pi:${canaries.make('become')}\n`)
  serverUp(server, { ready: 1, listed: 0.5 })
  canaries.know('token', (await serverToken(server)).split(':').at(-1)!)
  site = project()
  const watch = await watchProcesses()
  // What the watch must be able to see, or it proves nothing.
  await onHost(name, 'sleep 0.3 & env PLANTED=planted-in-environment sh -c "sleep 0.3 # planted-in-arguments"; wait')
  await say('check', 'play', 'works.yml', '--check', '--diff', '-vvv')
  run = withEvents(await say('run', 'play', 'works.yml', '--diff', '-vvv', '--output', 'ndjson'))
  await say('again', 'play', 'works.yml', '--diff', '-vvv')
  refused = withEvents(await say('refused', 'play', 'refused.yml', '--diff', '-vvv', '--output', 'ndjson'))
  await say('failing in a check', 'play', 'fails.yml', '--check', '--diff', '-vvv')
  await say('failing', 'play', 'fails.yml', 'owing.yml', '--diff', '-vvv')
  await say('failing as NDJSON', 'play', 'fails.yml', 'owing.yml', '--diff', '-vvv', '--output', 'ndjson')
  seen = await watch.end()
  const [id] = readdirSync(path(site.path, '.pitool/runs'))
  await say('runs show', 'runs', 'show', id!.replace(/\..*/, ''))
  await say('inventory', 'inventory', '--host', name, '--origins')
  await say('inventory list', 'inventory', '--list')
})
afterAll(async () => {
  site?.remove()
  unbundle()
  await lab.down([server, name])
})

async function say(title: string, ...words: readonly string[]): Promise<Ran> {
  const vault = words[0] === 'runs' ? [] : ['--vault-password-file', path(site.path, 'password')]
  const env = { HOME: path(site.path, 'home'), TMPDIR: path(site.path, 'tmp'), SOPS_AGE_KEY_FILE: ageKeyFile }
  const ran = await start(site.path, [...words, ...vault], env).done
  told.set(title, ran)
  return ran
}

function project(): Site {
  const on = (tasks: readonly Task[], more: object = {}) => [{ hosts: name, become: true, tasks, ...more }]
  const failing = (tasks: readonly Task[]) => on(tasks.map(task => ({ ...task, ignore_errors: true })))
  const made = makeSite({
    'inventory/hosts.yml': inventoryOf(hosts, { groups: { server: [server] } }),
    'works.yml': on(works(`https://${hosts[0]!.address}:6443`), { gather_facts: true, handlers }),
    'fails.yml': failing(fails),
    'owing.yml': on(owing, { handlers }),
    'refused.yml': failing(misplaced.map(misplacing)),
    'templates/secret.hbs': 'one: {{templated}}\ntwo: {{json templated}}\nthree: {{b64encode templated}}\n',
    'templates/broken.hbs': '{{b64decode templated}}\n',
  })
  const password = canaries.make('vault')
  canaries.know('age', ageKey)
  const valuesOf = (names: string) =>
    names.split(' ').map(one => [one, canaries.make(one, shapes[one] ?? odd)] as const)
  const whole = (names: string) => vaulted(JSON.stringify(Object.fromEntries(valuesOf(names))), password)
  made.write('password', `${password}\n`, 0o600)
  made.write('home/kept', '')
  made.write('tmp/kept', '')
  made.write('inventory/group_vars/all/vault.yml', whole(inVault))
  made.write('inventory/group_vars/all/sops.yml', sopsFile(Object.fromEntries(valuesOf(inSops))))
  made.write('more.yml', whole('included'))
  const become = JSON.stringify(vaulted(canaries.value('become'), password))
  made.write(`inventory/host_vars/${name}.yml`, `ansible_become_password: !vault ${become}\n`)
  return made
}

describe('the plays', () => {
  test('have every module, and a secret in every argument that takes one', () => {
    const tasks = [...works(''), ...fails, ...handlers, ...owing]
    const named = modules.map(module => module.name).filter(one => !tasks.some(task => one in task))
    const tried = new Set(misplaced.map(({ module }) => module))
    expect(named.filter(one => !tried.has(one) && !(one in excused))).toEqual([])
    const given = (module: string, argument: string) =>
      tasks.some(({ [module]: task, args: more }) => {
        const bare = typeof task === 'string' ? { cmd: task } : task
        const value = { ...(bare as Task), ...(more as Task) }[argument]
        return JSON.stringify(value ?? '').includes('{{')
      })
    const takers = args.filter(({ takes }) => takes).map(one => `${one.module} ${one.name}`)
    expect(takers.filter(one => !given(...(one.split(' ') as [string, string])))).toEqual([])
    expect(takers.length).toBeGreaterThan(12)
  })

  test('do what they are to do', () => {
    expect(told.get('check')!.code).toBe(0)
    expect(run.code, story(run)).toBe(0)
    expect(countsOf(run, name), story(run)).toMatchObject({ failed: 0 })
    expect(told.get('again')!.stdout).toMatch(/changed=0 failed=0/)
    const sure = run.ends.find(({ task }) => task.module === 'assert')
    expect(sure?.result).toMatchObject({ msg: '<secret>' })
    for (const title of ['failing', 'failing as NDJSON']) expect(told.get(title)!.code, title).toBe(2)
    const ended = withEvents(told.get('failing as NDJSON')!).ends.filter(({ task }) => task.place.startsWith('fails'))
    expect(ended.length).toBeGreaterThan(fails.length)
    expect(ended.flatMap(({ task, ignored }) => (ignored ? [] : [task.module]))).toEqual(['include_vars'])
    const survived = ended.filter(({ status }) => status !== 'failed')
    expect(survived.map(({ task, status }) => `${task.name}: ${status}`)).toEqual([])
  })

  test('an argument that takes no secret refuses it, with its place, before anything is done', () => {
    expect(misplaced.length).toBeGreaterThan(150)
    const taken = refused.ends.filter(
      ({ status, diagnostic }) => status !== 'failed' || !/^wrong-(value|type) refused.yml:/.test(at(diagnostic)),
    )
    expect(taken.map(({ task, status }) => `${task.name}: ${status}`)).toEqual([])
    expect(refused.ends).toHaveLength(misplaced.length)
  })
})

describe('a secret is nowhere but where it belongs', () => {
  test('not in arguments or environments, here or on any host, but where `environment` says so', () => {
    const ours = seen.filter(({ k3s }) => !k3s)
    expect(ours.some(({ cmdline }) => cmdline.includes('planted-in-arguments'))).toBe(true)
    expect(ours.some(({ environ }) => environ.includes('planted-in-environment'))).toBe(true)
    expect(ours.some(({ cmdline }) => cmdline.includes('sudo'))).toBe(true)
    expect(ours.filter(({ cmdline }) => canaries.in(cmdline).length > 0)).toEqual([])
    // Another test that runs meanwhile hands the same age key over so.
    const known = ['exported', 'age']
    expect(ours.filter(({ environ }) => canaries.in(environ).some(one => !known.includes(one)))).toEqual([])
  })

  test('not in what we say', () => {
    for (const [title, { stdout, stderr }] of told) {
      expect(stdout.length, `${title}: ${stderr}`).toBeGreaterThan(100)
      expect(canaries.in(stdout + stderr), title).toEqual([])
    }
    expect(told.get('check')!.stdout).toContain('<secret>')
  })

  test('not in the project, the home or the temporary folder', () => {
    const files = readdirSync(site.path, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
    const holding = files
      .map(file => path(file.parentPath, file.name))
      .filter(file => canaries.in(readFileSync(file, 'latin1')).length > 0)
    expect(files.some(({ parentPath }) => parentPath.includes('.pitool/runs'))).toBe(true)
    expect(holding).toEqual([path(site.path, 'password')])
  })

  test.each([server, name])('not in the journal of %s', async host => {
    const journal = await onHost(host, 'journalctl -q --no-pager -o export --all')
    expect(journal).toContain('sudo')
    expect(canaries.in(journal)).toEqual([])
  })

  test('in no file of the hosts but those named, and they are closed', async () => {
    expect(holders(server).filter(([file]) => !file.startsWith('/var/lib/rancher/k3s/'))).toEqual([])
    const wanted = {
      '/etc/rancher/k3s/config.yaml': '600 configured',
      '/etc/shadow': '640 hashed',
      // As it was before an account that was cut short was taken back: useradd and its kin keep it, as closed.
      '/etc/shadow-': '640 hashed',
      '/etc/systemd/system/k3s-agent.service.env': '600 proxied token',
      block: '600 blocked',
      copy: '600 copied',
      environment: '600 exported',
      fact: '600 fact',
      handled: '600 handled',
      included: '600 included',
      // One that was there keeps its mode, and so does what is kept of it.
      line: '640 lined',
      'line.OLD~': '640 was',
      'line-new': '600 lined',
      owes: '600 failing',
      // What a command printed is a text like any other, though shown nowhere.
      registered: '644 looked',
      replace: '640 replaced',
      shell: '600 shelled',
      stdin: '600 fed',
      template: '600 templated',
    }
    expect(Object.fromEntries(holders(name))).toEqual(wanted)
  })
})

/** Code and place, which NDJSON tells in words. */
function at(diagnostic: object | undefined): string {
  const { code, place } = { code: '', place: '', ...diagnostic }
  return `${code} ${place}`
}

/** Files with secrets: path, mode, and which. */
function holders(host: string): readonly (readonly [file: string, what: string])[] {
  const one = hosts.find(({ name }) => name === host)!
  return filesWith(canaries, one).map(file => {
    const here = `/proc/${one.pid}/root${file}`
    const mode = (statSync(here).mode & 0o7777).toString(8)
    return [
      file.replace(`${folder}/`, '').replace(/[0-9a-f]{8}~$/, 'OLD~'),
      `${mode} ${[...canaries.in(readFileSync(here, 'latin1'))].sort().join(' ')}`,
    ]
  })
}
