import fc from 'fast-check'
import { expect, test } from 'vitest'
import { holdEach } from './hold.ts'
import { Tally } from './tally.ts'

const slowly = () => new Promise<void>(done => setTimeout(done, 60))

// What breaks here is no failure of a module.
delete process.env.PITOOL_LAWS_REPORT

// One that went on would meet the next trial on the same host.
test.each([
  ['all is well', false],
  ['a law is broken, and the trial made smaller', true],
])('out of time, no try is left at work: %s', async (_, breaks) => {
  let [begun, ended] = [0, 0]
  const tally = new Tally('bounded')
  const holding = holdEach('slow', fc.nat(), {
    tally,
    tries: 100,
    within: 0.1,
    look: async () => {
      begun++
      await slowly()
      ended++
      return { ended: 'ok', vague: false, breaches: breaks ? [{ law: 'L1', what: 'broken' }] : [] }
    },
  })
  if (breaks) await expect(holding).rejects.toThrow('L1: broken')
  else await holding
  expect(ended).toBe(begun)
  expect(begun).toBeGreaterThan(0)
  expect(begun).toBeLessThan(50)
  await slowly()
  expect(begun).toBe(ended)
})
