import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { setUnit, type UnitSet, unitSet } from '../../src/changes/unit-set.ts'
import { outText } from '../../src/core/section.ts'
import { runScript, shells } from '../questions/shells.ts'

const masked = setUnit({ name: 'a.service', masked: true })
const disabled = setUnit({ name: "b 'c'.timer", enabled: false })
const both = setUnit({ name: 'd.service', masked: false, enabled: true })

/** Runs the script with a systemctl that only tells what it was asked, and fails at what the text names. */
function run(shell: readonly string[], changes: readonly UnitSet[], fails = 'nothing') {
  const folder = mkdtempSync('/tmp/pitool-units-')
  try {
    const tool = `#!/bin/sh\necho "$*" >>${folder}/asked\ncase "$*" in *${fails}*) echo 'Unit file does not exist.' >&2; exit 1;; esac\n`
    writeFileSync(`${folder}/systemctl`, tool, { mode: 0o755 })
    const [first, ...more] = unitSet.together!(changes)
    expect(more).toEqual([])
    const section = runScript(shell, `PATH=${folder}:$PATH\n${first!.script}`)
    return { section, asked: readFileSync(`${folder}/asked`, 'utf8').trimEnd().split('\n') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe.each(shells.map(shell => ({ name: shell.join(' '), shell })))(
  '$name: units for the next boot',
  ({ shell }) => {
    test('are set in order, and systemd reads its files once', () => {
      const { section, asked } = run(shell, [masked, disabled, both])
      expect([section.code, outText(section)]).toEqual([0, ''])
      expect(asked).toEqual([
        '--no-reload mask -- a.service',
        "--no-reload disable -- b 'c'.timer",
        '--no-reload unmask -- d.service',
        '--no-reload enable -- d.service',
        'daemon-reload',
      ])
    })

    test('the one that fails says so, what came before it is read all the same, and nothing follows', () => {
      const { section, asked } = run(shell, [masked, disabled, both], 'disable')
      expect(section.code).toBe(1)
      expect(unitSet.explain!(section, masked)).toMatchObject({ message: "there is no unit b 'c'.timer" })
      expect(asked).toEqual(['--no-reload mask -- a.service', "--no-reload disable -- b 'c'.timer", 'daemon-reload'])
    })
  },
)

test('what starts or stops has a script of its own', () => {
  const start = setUnit({ name: 'a.service', state: 'started', noBlock: true })
  expect(unitSet.together!([masked, start, disabled, both]).map(({ of }) => of)).toEqual([1, 1, 2])
})

test('one alone is as it was', () => {
  expect(unitSet.together!([masked])).toEqual([{ script: 'systemctl mask -- a.service', of: 1 }])
})
