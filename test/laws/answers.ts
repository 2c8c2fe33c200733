import type { Change } from '../../src/core/change.ts'
import type { Ctx, Module, Plan } from '../../src/core/module.ts'
import type { Question } from '../../src/core/question.ts'
import { Secret } from '../../src/core/secret.ts'
import { Shadow } from '../../src/core/shadow.ts'
import { Unknown } from '../../src/core/unknown.ts'
import type { Vars } from '../../src/core/value.ts'
import { coerceArgs } from '../../src/playbook/index.ts'
import type { Parts } from './play.ts'
import { disagreements } from './rules/agree.ts'
import type { Breach } from './rules/rule.ts'
import type { Json } from './trial.ts'

/** A state as answers: by kind, or by `kind key` where one question of a kind is meant. */
export interface AnswerTrial {
  readonly args: { readonly [name: string]: Json | Secret }
  readonly answers: { readonly [question: string]: unknown }
  readonly groups?: Ctx['groups']
}

/** What the plan laws saw: the plan, and the plan of a host on which it has come true. */
export interface AnswerEvidence {
  readonly plan: Plan
  readonly again: Plan
  /** Unknown: only a run can tell what is left to do. */
  readonly after: Plan | Unknown
  readonly broken: readonly Breach[]
}

/** Plans twice from the same answers, then from those that its own changes foretell. */
export function gatherByAnswers(module: Module, parts: Parts, trial: AnswerTrial): AnswerEvidence {
  const coerced = coerceArgs(module, trial.args as Vars)
  if ('problems' in coerced) throw new Error(`no trial: ${coerced.problems.map(one => one.message).join('; ')}`)
  const at: Planning = {
    module,
    parts,
    trial: { ...trial, answers: frozen(trial.answers) },
    args: frozen(coerced.args),
  }
  const plan = planUnder(at, new Map())
  const again = planUnder(at, new Map())
  if (plan instanceof Unknown || again instanceof Unknown)
    throw new Error('nothing was planned, yet something is Unknown')
  const shadows = new Map<string, Shadow>()
  for (const change of plan.changes) changeKind(parts, change).fold(shadowOf(shadows, change.on), change)
  const after = planUnder(at, shadows)
  const broken = [...impure(plan, again), ...restless(plan, after), ...leaking(at, plan), ...forgetful(at, plan)]
  return { plan, again, after, broken }
}

interface Planning {
  readonly module: Module
  readonly parts: Parts
  readonly trial: AnswerTrial
  readonly args: unknown
}

type Broken = readonly Breach[]

function impure(plan: Plan, again: Plan): Broken {
  const bare = ({ changes, result, message, failed }: Plan) => ({ changes, result, message, failed })
  return disagreements(bare(plan), bare(again), 'the same answers').map(what => ({ law: 'L2', what }))
}

function restless(plan: Plan, after: Plan | Unknown): Broken {
  if (after instanceof Unknown || plan.failed) return []
  const { changes, failed, result } = after
  const left = changes.map(change => `planned again after its own changes: ${JSON.stringify(change).slice(0, 400)}`)
  if (failed) left.push(`fails after its own changes: ${failed.message}`)
  if (result.changed === true) left.push('says changed after its own changes')
  return left.map(what => ({ law: 'L3', what }))
}

/** L4: cut after any of its changes, what is planned then brings about the rest. */
function forgetful(at: Planning, { changes, failed }: Plan): Broken {
  if (failed) return []
  return changes.flatMap((_, i) => {
    const shadows = new Map<string, Shadow>()
    const carry = (some: readonly Change[]) => {
      for (const change of some) changeKind(at.parts, change).fold(shadowOf(shadows, change.on), change)
    }
    carry(changes.slice(0, i + 1))
    const next = planUnder(at, shadows)
    // What only the host can tell then is not planned here.
    if (next instanceof Unknown) return []
    const cut = `cut after change ${i + 1} of ${changes.length} (${changes[i]!.kind}): `
    if (next.failed) return [{ law: 'L4' as const, what: `${cut}fails then: ${next.failed.message}` }]
    carry(next.changes)
    const wanted = new Map<string, Shadow>()
    for (const change of changes) changeKind(at.parts, change).fold(shadowOf(wanted, change.on), change)
    const what = [...wanted].flatMap(([host, shadow]) => unlike(shadow, shadowOf(shadows, host)))
    return what.map(what => ({ law: 'L4' as const, what: cut + what }))
  })
}

/** What was to come true, and did not. */
function unlike(wanted: Shadow, came: Shadow): readonly string[] {
  const facets = ['files', 'users', 'groups', 'units', 'packages', 'values'] as const
  return facets.flatMap(facet => {
    const [all, some] = [wanted[facet] as ReadonlyMap<string, unknown>, came[facet] as ReadonlyMap<string, unknown>]
    return [...all.keys()]
      .filter(name => !bookkeeping.test(name))
      .flatMap(name => disagreements(settled(all.get(name)), settled(some.get(name)), `${facet} ${name}`))
  })
}

/** Notes of the prediction for itself: a start reads stale files by itself, and a node without pods is drained by being cordoned. */
const bookkeeping = /^systemd:reloaded$|^node:[^:]*:drained$/

function settled(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('stale' in value)) return value
  const { stale: _, ...unit } = value
  return unit
}

function leaking({ parts, trial }: Planning, plan: Plan): Broken {
  const secrets = [...secretsIn(trial)]
  const told = JSON.stringify([
    plan.changes.map(change => changeKind(parts, change).diff(change)),
    plan.result,
    plan.message,
  ])
  return secrets.filter(secret => told.includes(secret)).map(secret => ({ law: 'L5', what: `${secret} is told` }))
}

function* secretsIn(value: unknown): Generator<string> {
  if (value instanceof Secret) yield value.reveal()
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) yield* secretsIn(part)
}

function planUnder({ module, parts, trial, args }: Planning, shadows: Map<string, Shadow>): Plan | Unknown {
  const asking = module.plan(args, { host: 'host', groups: trial.groups ?? {} })
  let step = asking.next([])
  while (!step.done) {
    const answers = step.value.map(question => answer({ parts, trial }, question, shadowOf(shadows, question.on)))
    const unknown = answers.find(one => one instanceof Unknown)
    if (unknown instanceof Unknown) {
      asking.return(undefined as never)
      return unknown
    }
    step = asking.next(answers)
  }
  return step.value
}

/** As the engine answers in a check: from the prediction, else what the host said as the prediction alters it. */
function answer({ parts, trial }: Pick<Planning, 'parts' | 'trial'>, question: Question, shadow: Shadow): unknown {
  const kind = parts.questions.find(one => one.kind === question.kind)
  if (!kind) throw new Error(`no question kind '${question.kind}'`)
  if (kind.control) return found(trial, question)
  const arg = kind.redirect ? kind.redirect(shadow, question.arg) : question.arg
  if (arg instanceof Unknown) return arg
  const known = kind.predict?.(shadow, arg, undefined)
  if (known !== undefined) return known
  const actual = found(trial, question)
  return kind.predict?.(shadow, arg, actual) ?? actual
}

function found({ answers }: AnswerTrial, { kind, key }: Question): unknown {
  const name = [`${kind} ${key.split('\0')[0]}`, kind].find(one => Object.hasOwn(answers, one))
  if (name === undefined) throw new Error(`the trial has no answer for ${kind} ${key.replaceAll('\0', ' ')}`)
  return answers[name]
}

function shadowOf(shadows: Map<string, Shadow>, host: string | undefined): Shadow {
  const known = shadows.get(host ?? '') ?? new Shadow()
  shadows.set(host ?? '', known)
  return known
}

function changeKind({ changes }: Parts, { kind }: Change) {
  const found = changes.find(one => one.kind === kind)
  if (!found) throw new Error(`no change kind '${kind}'`)
  return found
}

/** A plan that writes into what it was given throws. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof Secret) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}
