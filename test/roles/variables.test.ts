import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const roles = readdirSync(join(root, 'roles')).sort()
const page = readFileSync(join(root, 'docs/variables-of-the-playbooks.md'), 'utf8')

/** Those with a default, and those that may be missing, which stand there as comments. */
function defaults(role: string): readonly string[] {
  const text = readFileSync(join(root, 'roles', role, 'defaults/main.yml'), 'utf8')
  return [...text.matchAll(/^#?([a-z][a-z0-9_]*):(?: |$)/gm)].map(match => match[1]!)
}

const rows = [...page.matchAll(/^\| `([a-z0-9_]+)` \|[^|]*\| ([^|]+) \|/gm)].map(match => ({
  name: match[1]!,
  roles: match[2]!.split(',').map(role => role.trim()),
}))

describe('the page of the variables', () => {
  it.each(roles)('has all of %s', role => {
    const told = rows.filter(row => row.roles.includes(role)).map(row => row.name)
    expect([...told].sort()).toEqual([...defaults(role)].sort())
  })
  it('names no role that is not there', () => {
    for (const row of rows) for (const role of row.roles) expect(roles).toContain(role)
  })
})

describe.each(roles)('the role %s', role => {
  it('has its page and its tasks, all with a name', () => {
    expect(readFileSync(join(root, 'roles', role, 'README.md'), 'utf8')).toMatch(new RegExp(`^# ${role}\n`))
    const tasks = readFileSync(join(root, 'roles', role, 'tasks/main.yml'), 'utf8')
    const items = tasks.match(/^- .*/gm) ?? []
    expect(items.length).toBeGreaterThan(0)
    for (const item of items) expect(item).toMatch(/^- name: \S/)
  })
})
