import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Metafile } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundled, pitool, project, unbundle } from './bundled.ts'

let metafile: Metafile
const removals: (() => void)[] = []
beforeAll(async () => {
  metafile = await bundled()
}, 60_000)
afterAll(() => {
  unbundle()
  for (const remove of removals) remove()
})

function folder(files: Readonly<Record<string, string>>): string {
  const made = project(files)
  removals.push(made.remove)
  return made.path
}

const here = 'all:\n  hosts:\n    here: { connection: local }\n'
const site = (tasks: string, more = '') => `- hosts: all\n${more}  tasks:\n${tasks.replace(/^/gm, '    ')}\n`
const play = (tasks: string, inventory = here) =>
  folder({ 'inventory/hosts.yml': inventory, 'playbooks/site.yml': site(tasks) })

describe('exit codes', () => {
  const say = '- debug:\n    msg: hello'
  const cases: [string, () => string, readonly string[], number][] = [
    ['all is well', () => play(say), ['play'], 0],
    ['a check with nothing to do', () => play(say), ['play', '--check', '--detailed-exitcode'], 0],
    ['a check with something to do', () => play('- command: "true"'), ['play', '--check', '--detailed-exitcode'], 3],
    ['a check as such', () => play('- command: "true"'), ['play', '--check'], 0],
    ['a run has nothing pending', () => play('- command: "true"'), ['play', '--detailed-exitcode'], 0],
    ['a mistake', () => play('- debgu:\n    msg: hello'), ['play'], 1],
    ['an unknown option', () => play(say), ['play', '--chek'], 1],
    ['a host that fails', () => play('- command: "false"'), ['play'], 2],
    ['an ignored failure', () => play('- command: "false"\n  ignore_errors: true'), ['play'], 0],
    [
      'a host out of reach',
      () => play('- command: "true"', 'all:\n  hosts:\n    gone: { host: 127.0.0.1, port: 1 }\n'),
      ['play'],
      4,
    ],
    ['syntax', () => play(say), ['play', '--syntax-check'], 0],
    ['a list', () => play(say), ['play', '--list-tasks'], 0],
    ['no project at all', () => folder({}), ['play'], 1],
    ['a command that fails', () => play(say), ['run', 'all', '--', 'sh', '-c', 'exit 7'], 2],
    ['a ping', () => play(say), ['ping'], 0],
  ]
  it.each(cases)('%s', async (_, where, args, code) => {
    const ran = await pitool(args, { cwd: where() })
    expect(ran.code, ran.stdout + ran.stderr).toBe(code)
  })

  it('of a signal', async () => {
    const cwd = play('- name: Sleep\n  command: sleep 60')
    const interrupt = { when: 'host.start', signal: 'SIGINT', after: 500 } as const
    const began = Date.now()
    const ran = await pitool(['play', '--output', 'ndjson'], { cwd, interrupt })
    expect(ran.code, ran.stdout + ran.stderr).toBe(130)
    expect(Date.now() - began).toBeLessThan(20_000)
  })
})

describe('output', () => {
  it('shows all mistakes at once, with places, on standard error', async () => {
    const cwd = play('- debgu:\n    msg: hello\n- debug:\n    mgs: "{{nope}}"')
    const { stdout, stderr } = await pitool(['play'], { cwd })
    expect(stdout).toBe('')
    expect(stderr.match(/^error\[[a-z-]+\]/gm)?.length).toBeGreaterThanOrEqual(2)
    expect(stderr).toContain('at playbooks/site.yml:3:7')
    expect(stderr).toContain('^^^^^')
    expect(stderr).toContain('debug')
  })

  it('as NDJSON is nothing else, and ends with the run', async () => {
    for (const tasks of ['- command: "true"', '- command: "false"', '- debgu: {}']) {
      const { stdout, code } = await pitool(['play', '--output', 'ndjson'], { cwd: play(tasks) })
      const events = stdout
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as { type: string; exit?: number })
      expect(events.at(-1)).toMatchObject({ type: 'run.end', exit: code })
    }
  })

  it('names no secret of a password variable', async () => {
    const cwd = folder({
      'inventory/hosts.yml':
        'all:\n  hosts:\n    here: { connection: local, ansible_become_password: correct-horse }\n',
    })
    const shown = await pitool(['inventory', '--host', 'here'], { cwd })
    const listed = await pitool(['inventory', '--list'], { cwd })
    expect(shown.stdout + listed.stdout).not.toContain('correct-horse')
    expect(shown.stdout).toContain('<secret>')
  })

  it('may be cut off: the run goes on quietly', async () => {
    const cwd = play('- command: "true"')
    const ran = await pitool(['play', '-vv'], { cwd, hangUp: true })
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    const list = await pitool(['doc'], { hangUp: true })
    expect([list.code, list.stderr]).toEqual([0, ''])
  })

  it('has colours when told to', async () => {
    const cwd = play('- command: "true"')
    const plain = await pitool(['play'], { cwd })
    const colored = await pitool(['play'], { cwd, env: { FORCE_COLOR: '1' } })
    const neither = await pitool(['play'], { cwd, env: { FORCE_COLOR: '1', NO_COLOR: '1' } })
    expect([plain, colored, neither].map(({ stdout }) => stdout.includes('\x1b['))).toEqual([false, true, false])
  })

  it('of -K without a terminal names the way out', async () => {
    const { code, stderr } = await pitool(['play', '-K'], { cwd: play('- command: "true"') })
    expect(code).toBe(1)
    expect(stderr).toContain('--become-password-file FILE')
  })
})

describe('commands', () => {
  it('version', async () => {
    const pack = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8')) as {
      version: string
    }
    expect(await pitool(['--version'])).toEqual({ code: 0, stdout: `${pack.version}\n`, stderr: '' })
  })

  it('help, asked for and not', async () => {
    expect(await pitool(['--help'])).toMatchObject({ code: 0, stderr: '' })
    expect(await pitool([])).toMatchObject({ code: 1, stdout: '' })
  })

  it('doc', async () => {
    const { stdout } = await pitool(['doc'])
    const names = stdout.split('\n').map(line => line.split(' ')[0])
    expect(names).toContain('command')
    expect((await pitool(['doc', 'ansible.builtin.command'])).stdout).toMatch(/^command: /)
    expect(await pitool(['doc', 'comand'])).toMatchObject({ code: 1, stderr: expect.stringContaining("'command'") })
  })

  it('inventory', async () => {
    const inventory = 'top:\n  children:\n    low:\n      hosts:\n        h[1:2]: { port: 7 }\n  vars: { a: b }\n'
    const cwd = folder({ 'inventory/hosts.yml': inventory })
    expect((await pitool(['inventory'], { cwd })).stdout).toBe(
      '@all:\n  |--@top:\n  |  |--@low:\n  |  |  |--h1\n  |  |  |--h2\n',
    )
    const origins = await pitool(['inventory', '--host', 'h1', '--origins'], { cwd })
    expect(origins.stdout).toBe('a: "b"  # inventory/hosts.yml\nport: 7  # inventory/hosts.yml\n')
    const list = JSON.parse((await pitool(['inventory', '--list'], { cwd })).stdout) as Record<string, unknown>
    expect(list).toMatchObject({ top: { children: ['low'] }, low: { hosts: ['h1', 'h2'] } })
    expect(list._meta).toEqual({ hostvars: { h1: { a: 'b', port: 7 }, h2: { a: 'b', port: 7 } } })
  })

  it('run, with words as they are', async () => {
    const { stdout } = await pitool(['run', 'all', '--', 'printf', '%s|', 'a b', "c'd", '$HOME'], {
      cwd: play('- debug: {}'),
    })
    expect(stdout).toContain("a b|c'd|$HOME|")
  })
})

describe('what is loaded', () => {
  /** Everything a part pulls in at once, without what it imports lazily. */
  function inputsOf(part: string, seen = new Set<string>()): readonly string[] {
    if (seen.has(part)) return []
    seen.add(part)
    const output = metafile.outputs[part]
    const parts = output?.imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path) ?? []
    return [...Object.keys(output?.inputs ?? {}), ...parts.flatMap(path => inputsOf(path, seen))]
  }
  const partOf = (source: string) =>
    Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === source)?.[0] ?? 'none'

  it('for --version is next to nothing', () => {
    const inputs = inputsOf(partOf('src/cli/main.ts'))
    expect(inputs.filter(input => !input.startsWith('builtin:')).toSorted()).toEqual([
      'src/cli/compiled.ts',
      'src/cli/main.ts',
      'src/cli/parts.ts',
      'src/cli/program.ts',
      'src/cli/sweep-unused.ts',
      'src/cli/version.ts',
      'src/report/streams.ts',
    ])
  })

  it.each([
    ['src/cli/play.ts', ['node_modules/ssh2/', 'node_modules/log-update/', 'node_modules/@inquirer/']],
    // A module that takes manifests reads YAML.
    ['src/cli/doc.ts', ['node_modules/ssh2/', 'node_modules/handlebars/']],
    ['src/cli/inventory.ts', ['node_modules/ssh2/']],
    ['src/cli/ping.ts', ['src/modules/']],
  ])('for %s leaves the heavy parts out', (source, heavy) => {
    const inputs = inputsOf(partOf(source))
    expect(inputs.length).toBeGreaterThan(3)
    expect(inputs.filter(input => heavy.some(name => input.startsWith(name)))).toEqual([])
  })

  it('is one folder that can be moved', () => {
    expect(Object.keys(metafile.outputs).every(name => name.startsWith(join('node_modules', '.cache')))).toBe(true)
  })
})
