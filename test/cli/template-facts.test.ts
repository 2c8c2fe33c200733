import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundled, pitool, project, unbundle } from './bundled.ts'

beforeAll(bundled)
afterAll(unbundle)

it('a fact that only a template file names is asked for, by itself and through a variable', async () => {
  const made = project({
    'inventory/hosts.yml': 'all: { hosts: { here: { connection: local } } }\n',
    'templates/who.hbs': 'I am {{ansible_facts.hostname}} on {{device}}\n',
    'site.yml': `- hosts: all
  vars: { device: '{{ansible_facts.kernel}}' }
  tasks:
    - { name: Who, template: { src: who.hbs, dest: '{{playbook_dir}}/who' } }
`,
  })
  try {
    const { code, stdout } = await pitool(['play', 'site.yml'], { cwd: made.path })
    expect(code, stdout).toBe(0)
    expect(readFileSync(join(made.path, 'who'), 'utf8')).toMatch(
      new RegExp(`^I am ${hostname().split('.')[0]} on \\d+\\.`),
    )
  } finally {
    made.remove()
  }
})
