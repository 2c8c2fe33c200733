import { spawn, spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundled, program, project, unbundle } from './bundled.ts'

const play = (name: string) => `- hosts: all\n  tasks:\n    - debug: { msg: ${name} }\n`
let made = { path: '', remove: () => {} }

beforeAll(async () => {
  await bundled()
  made = project({
    'inventory/hosts.yml': 'all: { hosts: { here: { connection: local } } }\n',
    'playbooks/site.yml': play('all-of-it'),
    'playbooks/part.yml': play('a-part'),
    'playbooks/outage.yml': play('an-outage').replace('all\n', 'all\n  confirm: The address goes away for a while.\n'),
  })
}, 60_000)
afterAll(() => {
  made.remove()
  unbundle()
})

const canOpenTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0

/** The program on a terminal of its own: what is typed once it asks, what it said, and its exit code. */
function onTerminal(words: string, typed: string): Promise<{ said: string; code: number | null }> {
  const command = `${process.execPath} ${program} play ${words}`
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: made.path, timeout: 30_000 })
  let said = ''
  let answered = false
  child.stdout.on('data', (data: Buffer) => {
    said += data
    if (answered || !said.includes('[y/N]')) return
    answered = true
    child.stdin.write(typed)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ said, code }))
  })
}

describe.runIf(canOpenTerminal)('a play that says `confirm`', () => {
  const question = 'The address goes away for a while.\r\nplaybooks/outage.yml may change 1 host: here. Go on? [y/N]'
  it.each([
    ['no', '', 'n\r', true, 1],
    ['yes', '', 'y\r', true, 0],
    ['--yes', '--yes', '', false, 0],
    ['--check', '--check', '', false, 0],
  ])('%s', async (_, words, typed, asks, code) => {
    const ran = await onTerminal(`playbooks/outage.yml ${words}`, typed)
    expect(ran.said.includes(question), ran.said).toBe(asks)
    expect(ran.code, ran.said).toBe(code)
    expect(/an-outage/.test(ran.said)).toBe(code === 0)
  })
})

describe.runIf(canOpenTerminal)('on a terminal', () => {
  const cases: readonly (readonly [string, string, string, boolean, number])[] = [
    ['no', '', 'n\r', true, 1],
    ['nothing', '', '\r', true, 1],
    ['the end of the input', '', '\x04', true, 1],
    ['Ctrl-C', '', '\x03', true, 130],
    ['yes', '', 'yes\r', true, 0],
    ['y, the playbook by its name', 'playbooks/site.yml', 'y\r', true, 0],
    ['--yes', '--yes', '', false, 0],
    ['--check', '--check', '', false, 0],
    ['--syntax-check', '--syntax-check', '', false, 0],
    ['another playbook', 'playbooks/part.yml', '', false, 0],
  ]
  it.each(cases)('%s', async (_, words, typed, asks, code) => {
    const ran = await onTerminal(words, typed)
    expect(ran.said.includes('site.yml may change 1 host: here. Go on? [y/N]'), ran.said).toBe(asks)
    expect(ran.code, ran.said).toBe(code)
    expect(ran.said.includes('Nothing was touched')).toBe(asks && code === 1)
    if (code !== 0) expect(ran.said).not.toMatch(/all-of-it|here .*ok=/)
  })
})
