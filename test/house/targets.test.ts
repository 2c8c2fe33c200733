import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { changeKinds } from '../../src/changes/index.ts'
import { questionKinds } from '../../src/questions/index.ts'
import { changeTrials } from '../scenarios/targets/changes.ts'
import { overview } from '../scenarios/targets/overview.ts'
import { questionTrials } from '../scenarios/targets/questions.ts'

// The trials themselves are a scenario: `npm run scenarios -- targets`.
test('each kind is tried on every kind of host', () => {
  const asked = questionKinds.filter(kind => !kind.control).map(({ kind }) => kind)
  expect(Object.keys(questionTrials).sort()).toEqual([...asked].sort())
  expect(Object.keys(changeTrials).sort()).toEqual(changeKinds.map(({ kind }) => kind).sort())
})

test('docs/targets.md says what the trials say', () => {
  expect(readFileSync(join(import.meta.dirname, '../../docs/targets.md'), 'utf8')).toContain(overview())
})
