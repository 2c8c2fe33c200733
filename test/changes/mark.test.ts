import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { clearMark } from '../../src/changes/mark-clear.ts'
import { setMark } from '../../src/changes/mark-set.ts'
import { mark } from '../../src/questions/mark.ts'
import { shells } from '../questions/shells.ts'
import { ask, carry, expectForetold } from './law.ts'

const folder = mkdtempSync(join(tmpdir(), 'pitool-mark-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe.each(shells.map(shell => [shell.join(' '), shell] as const))('marks in %s', (name, shell) => {
  const path = join(folder, name.replaceAll(' ', '-'), 'reboot-required')
  it('are set, with what made them necessary', () => {
    expect(ask(shell, mark(path))).toEqual({ set: false, reasons: [] })
    expectForetold(shell, setMark(path, "it's 100% \\needed"), [mark(path)])
    expect(ask(shell, mark(path))).toEqual({ set: true, reasons: ["it's 100% \\needed"] })
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })
  it('gather reasons, each once, and keep to one line each', () => {
    for (const reason of ['a second\nreason', 'a second reason'])
      expect(carry(shell, setMark(path, reason)).section.code).toBe(0)
    expect(ask(shell, mark(path)).reasons).toEqual(["it's 100% \\needed", 'a second reason'])
  })
  it('of an earlier boot count for nothing, and begin anew', () => {
    writeFileSync(path, `${readFileSync(path, 'utf8').replace(/^.*/, '11111111-2222-3333-4444-555555555555')}`)
    expect(ask(shell, mark(path))).toEqual({ set: false, reasons: [] })
    carry(shell, setMark(path, 'new'))
    expect(ask(shell, mark(path))).toEqual({ set: true, reasons: ['new'] })
  })
  it('are dropped, twice if need be', () => {
    expectForetold(shell, clearMark(path), [mark(path)])
    expect(carry(shell, clearMark(path)).section.code).toBe(0)
    expect(ask(shell, mark(path)).set).toBe(false)
  })
  it('several are asked at once', () => {
    carry(shell, setMark(path, 'x'))
    expect([ask(shell, mark(join(folder, 'none'))), ask(shell, mark(path))].map(answer => answer.set)).toEqual([
      false,
      true,
    ])
  })
})
