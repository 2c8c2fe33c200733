import { describe, expect, test } from 'vitest'
import { questionKinds } from '../../../src/questions/index.ts'
import { answerTargets } from './answers.ts'
import { fuzz, type Target, triesOf } from './fuzz.ts'
import { journalLines, journalText, openProject } from './journal.ts'
import { targets } from './targets.ts'

/** Of each target, fewer where they cost processes; `npm run fuzz` tries long. */
const tries = (target: Target) => (target.batch === undefined ? 1000 : triesOf(target, 3000))
const seed = Date.now() % 2 ** 31

describe('whatever comes, it is read or refused', () => {
  test.each(targets.map(target => [target.name, target] as const))('%s', { timeout: 60_000 }, (_, target) => {
    fuzz(target, { seed, tries: tries(target) })
  })
})

test('every kind that is asked of a host is among the answers', () => {
  const remote = questionKinds.filter(kind => !kind.control).map(({ kind }) => `answer: ${kind}`)
  expect(answerTargets.map(({ name }) => name).sort()).toEqual([...remote].sort())
})

test('of a journal cut anywhere, the whole lines are read', () => {
  const { read, close } = openProject()
  for (let length = 0; length <= journalText.length; length++) {
    const whole = journalText.slice(0, length).split('\n').slice(0, -1).length
    const told = read(Buffer.from(journalText.slice(0, length)))
    // The last line may be whole but for its end.
    expect([whole, whole + 1]).toContain(told.length)
    expect(told).toEqual(journalLines.slice(0, told.length))
  }
  close()
})

test('a try that fails is told by the seed that shows it again', () => {
  const target = {
    name: 'odd',
    share: 1,
    batch: 10,
    open: () => ({
      attempt: (randoms: readonly { readonly seed: number }[]) => {
        if (randoms.some(({ seed }) => seed === 1234)) throw new Error('1234 came')
      },
    }),
  }
  expect(() => fuzz(target, { seed: 1000, tries: 500 })).toThrow(/--only 'odd' --seed 1234 --exactly 1\n.*1234 came/)
  expect(() => fuzz(target, { seed: 1000, tries: 200 })).not.toThrow()
})
