import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundled, pitool, program, project, unbundle } from '../cli/bundled.ts'
import { type LabHost, lab, piPassword } from '../lab/lab.ts'

const names = ['cli-open', 'cli-asks'] as const
let hosts: readonly LabHost[] = []
let path = ''
let remove = () => {}

beforeAll(async () => {
  await bundled()
  const [open] = await lab.up(1, { names: [names[0]] })
  const [asks] = await lab.up(1, { names: [names[1]], sudoPassword: true })
  hosts = [open!, asks!]
  const made = project({
    'inventory/hosts.yml': inventory(),
    'playbooks/motd.yml': playbook('- copy: { dest: /etc/motd, content: "hello\\n", mode: \'0644\' }'),
    'playbooks/sleep.yml': playbook('- command: sleep 4321'),
  })
  path = made.path
  remove = made.remove
  mkdirSync(join(path, 'secret'), { mode: 0o700 })
  writeFileSync(join(path, 'secret', 'right'), `${piPassword}\n`, { mode: 0o600 })
  writeFileSync(join(path, 'secret', 'wrong'), 'wrong-horse\n', { mode: 0o600 })
})
afterAll(async () => {
  remove()
  unbundle()
  await lab.down([...names])
})

function inventory(): string {
  const lines = hosts.map(({ name, address }) => `    ${name}: { host: ${address} }`)
  const vars = [`user: pi`, `private_key_file: ${lab.keyFile}`, `known_hosts_file: ${lab.knownHostsFile}`]
  return ['all:', '  hosts:', ...lines, '  vars:', ...vars.map(line => `    ${line}`), ''].join('\n')
}

const playbook = (task: string) => `- name: Try\n  hosts: all\n  become: true\n  tasks:\n    ${task}\n`
const run = (...args: string[]) => pitool(args, { cwd: path })
const file = (name: string) => ['--become-password-file', join(path, 'secret', name)]

describe('sudo that asks for a password', () => {
  const motd = join('playbooks', 'motd.yml')
  it('gets none: says how to give it', async () => {
    const { code, stdout } = await run('play', motd, '--check', '--limit', names[1])
    expect(code, stdout).toBe(2)
    expect(stdout).toContain('become-password-missing')
    expect(stdout).toContain('--ask-become-pass')
  })

  it('gets a wrong one: says so, and never what it was', async () => {
    const { code, stdout, stderr } = await run('play', motd, '--check', '--limit', names[1], ...file('wrong'))
    expect(code, stdout).toBe(2)
    expect(stdout).toContain('become-password-wrong')
    expect(stdout + stderr).not.toContain('wrong-horse')
  })

  it('gets the right one: check, run, nothing left to do', async () => {
    const args = ['play', motd, ...file('right')]
    const check = await run(...args, '--check', '--diff', '--detailed-exitcode')
    expect(check.code, check.stdout).toBe(3)
    expect(check.stdout).toMatch(
      new RegExp(`would change: ${names.join(', ')}\\n.*write /etc/motd\\n(.*\\n)*? +\\+hello`),
    )
    const first = await run(...args)
    expect(first.code, first.stdout).toBe(0)
    expect(first.stdout).toContain(`changed: ${names.join(', ')}`)
    const second = await run(...args)
    expect(second.stdout).toMatch(/cli-open .*changed=0/)
    expect(second.stdout).toContain('1 task ok')
    const last = await run(...args, '--check', '--detailed-exitcode')
    expect(last.code, last.stdout).toBe(0)
  })

  it('is asked for on the terminal, not on standard output', async () => {
    const out = join(path, 'out.ndjson')
    const command = `${process.execPath} ${program} play ${motd} --check -K --output ndjson >${out}`
    const said = await terminal(command, { prompt: 'sudo password', answer: piPassword })
    expect(said).not.toContain(piPassword)
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line) as { type: string }).at(-1)).toMatchObject({ type: 'run.end', exit: 0 })
  })
})

describe('Ctrl-C', () => {
  it('twice ends what runs on the host', async () => {
    const args = ['play', join('playbooks', 'sleep.yml'), '--limit', names[0], '--output', 'ndjson']
    const done = pitool(args, { cwd: path, interrupt: { when: 'host.start', signal: 'SIGINT', after: 2000 } })
    const { code, stdout } = await done
    expect(code, stdout).toBe(130)
    for (let tries = 0; tries < 20 && (await sleepers()) !== ''; tries++) await sleep(500)
    expect(await sleepers()).toBe('')
  })

  const sleepers = async () => (await lab.exec(names[0], 'pgrep -f "^sleep 4321" || true')).stdout.trim()
})

describe('a host never seen before', () => {
  it('is refused, then accepted once when told to', async () => {
    const known = join(path, 'known_hosts')
    const other = join(path, 'other.yml')
    writeFileSync(other, inventory().replace(/\n.*known_hosts_file.*/, ''))
    const args = ['ping', names[0], '-i', other, '--known-hosts', known]
    const refused = await run(...args)
    expect(refused.code, refused.stdout).toBe(4)
    expect(refused.stdout).toContain('host-key-unknown')
    expect(existsSync(known)).toBe(false)
    expect((await run(...args, '--accept-new')).code).toBe(0)
    expect((await run(...args)).code).toBe(0)
  })
})

/** Runs a command on a terminal of its own, and answers its prompt. */
function terminal(command: string, { prompt, answer }: { prompt: string; answer: string }): Promise<string> {
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: path, timeout: 60_000 })
  let said = ''
  let answered = false
  child.stdout.on('data', (data: Buffer) => {
    said += data
    if (answered || !said.includes(prompt)) return
    answered = true
    child.stdin.write(`${answer}\r`)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve(said))
  })
}
