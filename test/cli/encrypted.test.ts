import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundled, pitool, project, unbundle } from './bundled.ts'

const fixtures = resolve(import.meta.dirname, '../playbook/encrypted/fixtures')
const fixture = (name: string) => readFileSync(join(fixtures, name), 'utf8')
const ageKey = join(fixtures, 'age-test-key.txt')

let site: ReturnType<typeof project>
let password: string
beforeAll(async () => {
  await bundled()
  site = project({
    'inventory/hosts.yml': 'all:\n  hosts:\n    here: { connection: local }\n',
    'inventory/group_vars/all/vault.yml': fixture('whole-1.2.yml'),
    'inventory/host_vars/here.yml': fixture('sops.yml'),
    'values.yml': fixture('inline.yml'),
    'playbooks/site.yml': `- hosts: all
  vars_files: [../values.yml]
  tasks:
    - debug: { msg: "db {{ db_password }} and {{ inline_password }} at {{ port }}, {{ list.[0] }}" }
    - command: { cmd: cat, stdin: "{{ db_password }}/{{ inline_password }}/{{ multi }}" }
      register: said
    - assert: { that: "said.stdout.contains('canary sops') && port == 5432 && debug && db_password.contains('not_a')" }
`,
  })
  password = join(site.path, 'password')
  writeFileSync(password, fixture('vault-test-password.txt'))
  chmodSync(password, 0o600)
}, 60_000)
afterAll(() => {
  unbundle()
  site?.remove()
})

const secrets = /canary|first-(sops|vault)-secret|of sops|of vault|not_a_template|\$pecial|5432/

describe('encrypted files of variables', () => {
  it.each([['human'], ['ndjson']])('are opened, used and masked: %s', async output => {
    const args = ['play', '-vv', '--diff', '--output', output, '--vault-password-file', password]
    const ran = await pitool(args, { cwd: site.path, env: { SOPS_AGE_KEY_FILE: ageKey } })
    expect(ran.code, ran.stdout + ran.stderr).toBe(0)
    expect(ran.stdout + ran.stderr).not.toMatch(secrets)
    expect(ran.stdout).toContain('<secret>')
  })

  it('are shown masked by `inventory --host`', async () => {
    const env = { SOPS_AGE_KEY: fixture('age-test-key.txt'), ANSIBLE_VAULT_PASSWORD_FILE: password }
    const ran = await pitool(['inventory', '--host', 'here'], { cwd: site.path, env })
    expect(ran.code, ran.stdout + ran.stderr).toBe(0)
    expect(ran.stdout).toMatch(/db_password.*<secret>/)
    expect(ran.stdout).not.toMatch(secrets)
  })

  it('are all told where nothing opens them, before anything is reached', async () => {
    const ran = await pitool(['play'], { cwd: site.path, env: { HOME: site.path, XDG_CONFIG_HOME: site.path } })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain('error[cannot-decrypt]: this is encrypted by ansible-vault')
    expect(ran.stderr).toContain('at inventory/group_vars/all/vault.yml:1:1')
    expect(ran.stderr).toContain('--vault-password-file')
    expect(ran.stderr).toContain('no age key is known')
    expect(ran.stderr).toContain('SOPS_AGE_KEY_FILE')
    expect(ran.stderr).toContain('values.yml:3:1')
  })
})
