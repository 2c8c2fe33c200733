import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { floorScript } from './floor-script.ts'
import type { Step } from './step.ts'
import { tasksOf } from './tasks.ts'
import { forty, workloads } from './workloads.ts'

const shells = [['dash'], ['bash', '--posix'], ['busybox', 'sh']].filter(
  ([name]) => spawnSync(name!, ['-c', ':']).status !== null,
)

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pitool-floor-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const steps = (): readonly Step[] => [
  { kind: 'directory', path: `${root}/a folder` },
  { kind: 'file', path: `${root}/a folder/f`, name: 'f', text: "it's $HOME\n\nend\n" },
  { kind: 'template', path: `${root}/t`, name: 't', text: '# of {{ inventory_hostname }}\n' },
  { kind: 'line', path: `${root}/l`, line: '-x=1' },
  { kind: 'line', path: `${root}/l`, line: 'y' },
  { kind: 'link', path: `${root}/link`, target: `${root}/t` },
  { kind: 'answer', path: `${root}/said`, command: 'echo hi' },
  { kind: 'command', command: `touch ${root}/done`, creates: `${root}/done` },
]

function differing([shell, ...args]: readonly string[], ...words: readonly string[]): string {
  const ran = spawnSync(shell!, [...args, '-s', ...words], { input: floorScript(steps()), encoding: 'utf8' })
  expect(ran.stderr).toBe('')
  expect(ran.status).toBe(0)
  return ran.stdout.trim()
}

test.each(shells)('%s: a check counts, a run brings about, another has nothing to do', (...shell) => {
  expect(differing(shell, 'h1', 'check')).toBe('8')
  expect(differing(shell, 'h1')).toBe('8')
  expect(differing(shell, 'h1')).toBe('0')
  expect(differing(shell, 'h2', 'check')).toBe('1')
  expect(readFileSync(`${root}/a folder/f`, 'utf8')).toBe("it's $HOME\n\nend\n")
  expect(readFileSync(`${root}/t`, 'utf8')).toBe('# of h1\n')
  expect(readFileSync(`${root}/l`, 'utf8')).toBe('-x=1\ny\n')
})

test('the workloads are as long as they say', () => {
  const tasks = (id: string) => tasksOf(workloads.find(one => one.id === id)!.steps, 'pitool').length
  expect(forty.length).toBe(40)
  expect([tasks('W1'), tasks('W5')]).toEqual([41, 246])
})
