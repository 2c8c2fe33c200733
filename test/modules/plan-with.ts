import type { Ctx, Module, Plan, Seen, Settled } from '../../src/core/module.ts'
import { type Asking, on, type Question } from '../../src/core/question.ts'

/** A host as a table: questions with the answers it gives. */
export type Answers = readonly (readonly [question: Question, answer: unknown])[]

export function says<Ans>(question: Question<Ans>, answer: Ans): readonly [Question, unknown] {
  return [question, answer]
}

/** The same, asked of another host. */
export function saysOn<Ans>(host: string, question: Question<Ans>, answer: Ans): readonly [Question, unknown] {
  return [on(host, question), answer]
}

export const ctx: Ctx = { host: 'w1', groups: { server: ['srv'], workers: ['w1', 'w2'] } }

/** The plan of a module for a host that answers by a table; a question that the table lacks is a failure of the test. */
export function planWith<Args>(module: Module<Args>, args: Partial<Args>, answers: Answers, where: Ctx = ctx): Plan {
  return drive(module.plan({ ...defaults(module), ...args } as Args, where), answers)
}

export function lookWith(plan: Plan, seen: Partial<Seen>, answers: Answers): Settled {
  if (!plan.settle) throw new Error('this plan settles nothing')
  return drive(plan.settle.look({ outcomes: [], elapsed: 5, last: false, ...seen }), answers)
}

function defaults<Args>(module: Module<Args>): object {
  const properties = Object.entries(module.args.properties ?? {})
  return Object.fromEntries(properties.filter(([, s]) => 'default' in s).map(([name, s]) => [name, s.default]))
}

export function drive<Result>(asking: Asking<Result>, answers: Answers): Result {
  let step = asking.next([])
  for (let rounds = 0; !step.done; rounds++) {
    if (rounds > 20) throw new Error('it asks and asks')
    step = asking.next(step.value.map(question => answerOf(question, answers)))
  }
  return step.value
}

function answerOf(asked: Question, answers: Answers): unknown {
  const found = answers.find(([one]) => one.kind === asked.kind && one.key === asked.key && one.on === asked.on)
  if (found) return found[1]
  const where = asked.on === undefined ? '' : ` on ${asked.on}`
  throw new Error(`nobody answers ${asked.kind} ${JSON.stringify(asked.key)}${where}`)
}
