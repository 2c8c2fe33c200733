import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundled, pitool, project, unbundle } from './bundled.ts'

const hosts = '# ours\nworkers:\n  hosts:\n    w1: { host: 192.0.2.1 } # attic\n'
const made: { path: string; remove(): void }[] = []
beforeAll(() => bundled(), 60_000)
afterAll(() => {
  unbundle()
  for (const { remove } of made) remove()
})

function folder(): string {
  const one = project({
    'inventory/hosts.yml': hosts,
    'inventory/group_vars/workers.yml': 'node_labels: { hardware: pi3, zone: shed }\n',
    'playbooks/site.yml': '- hosts: all\n  tasks: [{ debug: { msg: x } }]\n',
  })
  made.push(one)
  return one.path
}

const add = (cwd: string, ...words: readonly string[]) => pitool(['inventory', 'add', ...words], { cwd })
const text = (cwd: string) => readFileSync(join(cwd, 'inventory/hosts.yml'), 'utf8')
const where = ['--address', '192.0.2.2', '--group', 'workers']

describe('pitool inventory add', () => {
  it('adds one line, and says where, and what to do next', async () => {
    const cwd = folder()
    const mode = statSync(join(cwd, 'inventory/hosts.yml')).mode
    const { code, stdout } = await add(cwd, 'w2', ...where)
    expect(code).toBe(0)
    expect(text(cwd)).toBe(`${hosts}    w2: { host: 192.0.2.2 }\n`)
    expect(statSync(join(cwd, 'inventory/hosts.yml')).mode).toBe(mode)
    expect(stdout).toBe(
      'inventory/hosts.yml:5:5: w2: { host: 192.0.2.2 }\ngroups: workers\nnext: pitool play playbooks/site.yml --limit w2 --check\n',
    )
    expect((await pitool(['inventory', '--graph'], { cwd })).stdout).toContain('w2')
  })
  it('keeps the labels of its groups beside its own, which would replace them', async () => {
    const cwd = folder()
    const { stdout } = await add(cwd, 'w2', ...where, '--label', 'zone=attic', '--label', 'fast=true')
    expect(text(cwd)).toContain('node_labels: { hardware: pi3, zone: attic, fast: "true" } }')
    expect(stdout).toMatch(/replace them: hardware\n/)
  })
  const mistakes: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['a host that is there', ['w1', ...where], /has a host w1 already\n {2}at inventory\/hosts.yml:4:5/],
    ['an address that is taken', ['w2', '--address', '192.0.2.1', '--group', 'workers'], /address of w1/],
    ['no such group', ['w2', '--address', '192.0.2.2', '--group', 'worker'], /did you mean 'workers'/],
    ['no address', ['w2', '--group', 'workers'], /--address/],
    ['no group', ['w2', '--address', '192.0.2.2'], /which group/],
    ['no name', where, /which host/],
    ['a name with spaces', ['w 2', ...where], /no name of a host/],
    ['a range', ['w[2:3]', ...where], /no name of a host/],
    ['a label without a value', ['w2', ...where, '--label', 'zone'], /'zone' is no label/],
    ['one word too many', ['w2', 'w3', ...where], /does not know what to do with 'w3'/],
  ]
  it.each(mistakes)('refuses %s, and writes nothing', async (_, words, said) => {
    const cwd = folder()
    const { code, stderr } = await add(cwd, ...words)
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(said)
    expect(text(cwd)).toBe(hosts)
  })
})
