import type { Change } from '../../src/core/change.ts'
import type { Module, Plan } from '../../src/core/module.ts'
import type { Asking, Question } from '../../src/core/question.ts'
import type { Shadow } from '../../src/core/shadow.ts'
import { Unknown } from '../../src/core/unknown.ts'
import type { Value } from '../../src/core/value.ts'
import { coerceArgs } from '../../src/playbook/args.ts'
import { ask, askUnder, carry } from '../changes/law.ts'

/** Answers of the control side, by kind and key. */
export type Local = { readonly [question: string]: unknown }

export interface World {
  readonly shell: readonly string[]
  readonly local?: Local
  /** Asks under it, as a check does. */
  readonly shadow?: Shadow
}

/** Arguments as the engine hands them in: validated, with their defaults. */
export function argsOf<Args>(module: Module<Args>, args: { readonly [name: string]: Value }): Args {
  const coerced = coerceArgs(module, args)
  if ('problems' in coerced) throw new Error(coerced.problems.map(problem => problem.message).join('; '))
  return coerced.args as Args
}

/** Plans against the real host that this machine is; an Unknown answer ends it. */
export function planReal<Args>(
  module: Module<Args>,
  args: { readonly [name: string]: Value },
  world: World,
): Plan | Unknown {
  return driven(module.plan(argsOf(module, args), { host: 'here', groups: {} }), world)
}

function driven<Result>(asking: Asking<Result>, world: World): Result | Unknown {
  let step = asking.next([])
  while (!step.done) {
    const answers = step.value.map(question => answer(question, world))
    const unknown = answers.find(one => one instanceof Unknown)
    if (unknown instanceof Unknown) return unknown
    step = asking.next(answers)
  }
  return step.value
}

function answer(question: Question, { shell, local = {}, shadow }: World): unknown {
  if (question.kind.startsWith('local.')) return local[`${question.kind} ${question.key}`]
  return shadow ? askUnder(shell, shadow, question) : ask(shell, question)
}

/** Carries a whole plan, stopping at the first that fails, and tells why it did. */
export function carryAll(shell: readonly string[], changes: readonly Change[]): string | undefined {
  for (const change of changes) {
    const { section, diagnostic } = carry(shell, change)
    if (section.code !== 0) return diagnostic?.code ?? `exit ${section.code}: ${section.stderr}`
  }
  return undefined
}
