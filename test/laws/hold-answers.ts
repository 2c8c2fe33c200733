import { inspect } from 'node:util'
import fc, { type Arbitrary } from 'fast-check'
import { Secret } from '../../src/core/secret.ts'
import { Unknown } from '../../src/core/unknown.ts'
import { type AnswerTrial, gatherByAnswers } from './answers.ts'
import { full, seed, triesOf } from './hold.ts'
import type { Parts } from './play.ts'
import type { Law } from './rules/rule.ts'
import type { Tally } from './tally.ts'

export interface HoldingAnswers {
  readonly parts: Parts
  readonly tally: Tally
  readonly tries: number
}

// Many plans say nothing about one of the laws: what is Unknown after a change is compared with nothing.
const most = triesOf(0)

/** The laws that plans alone can break: they are pure, come to rest, and tell no secret. */
export function holdByAnswers(name: string, trials: Arbitrary<AnswerTrial>, holding: HoldingAnswers): void {
  const { parts, tally, tries } = holding
  const module = parts.modules.find(one => one.name === name)
  if (!module) throw new Error(`there is no module '${name}'`)
  let failed = false
  const enough = () => tally.row(name).tries >= tries && tally.least(name) >= Math.min(tries, most)
  const property = fc.property(trials, trial => {
    if (full && !failed && enough()) return
    const { plan, after, broken } = gatherByAnswers(module, parts, trial)
    const secret = Object.values(trial.args).some(value => value instanceof Secret)
    const untried: readonly Law[] = [
      ...(plan.failed || after instanceof Unknown ? (['L3'] as const) : []),
      ...(plan.failed || plan.changes.length === 0 ? (['L4'] as const) : []),
      ...(secret ? [] : (['L5'] as const)),
    ]
    const ended = plan.failed ? 'failed' : plan.changes.length > 0 ? 'changed' : 'ok'
    if (!failed)
      tally.note(name, { ended, vague: after instanceof Unknown, untried, broken: broken.map(({ law }) => law) })
    if (broken.length === 0) return
    failed = true
    throw new Error(broken.map(({ law, what }) => `${law}: ${what}`).join('\n'))
  })
  const result = fc.check(property, { numRuns: full ? tries * 10 : tries, seed })
  if (!result.failed) return
  const why = said(result.errorInstance)
  const trial = inspect(result.counterexample?.[0], { depth: 8 })
  throw new Error(`${name} breaks a law (PITOOL_LAWS_SEED=${result.seed})\n${why}\ntrial: ${trial}`)
}

/** What broke the law, or where a plan threw. */
function said(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return /^L\d|^said/.test(error.message) ? error.message : (error.stack ?? error.message)
}
