import { cpSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundled, pitool, project, unbundle } from '../cli/bundled.ts'

const root = resolve(import.meta.dirname, '../..')
let made = { path: '', remove: () => {} }

beforeAll(async () => {
  await bundled()
  made = project({})
  for (const folder of ['inventory', 'playbooks', 'roles', 'templates']) {
    cpSync(join(root, folder), join(made.path, folder), { recursive: true })
  }
})
afterAll(() => {
  made.remove()
  unbundle()
})

const play = (...more: readonly string[]) => pitool(['play', 'playbooks/document.yml', ...more], { cwd: made.path })

test('the cluster on one page: shown by a check, written by a run, left alone by the next', async () => {
  const row = '| pi3-worker-1 | 192.168.1.53 | dns, pi3, workers, pi3_workers | hardware=pi3 memory-class=low |'
  const check = await play('--check', '--diff')
  expect(check.stdout).toContain(`+${row}`)
  expect((await play()).stdout).toMatch(/changed=1 failed=0/)
  const lines = readFileSync(join(made.path, 'cluster.md'), 'utf8').split('\n')
  expect(lines).toContain(row)
  expect(lines.filter(line => line.startsWith('| pi'))).toHaveLength(4)
  expect((await play()).stdout).toMatch(/changed=0 failed=0/)
})
