import type { Question } from '../core/question.ts'
import { reveal } from '../core/secret.ts'
import { Unknown } from '../core/unknown.ts'
import type { QuestionKind } from '../questions/kind.ts'
import type { HostState } from './host.ts'
import { identityKey } from './ledger.ts'
import type { Site } from './site.ts'

/** A question to a host that is not answered yet. */
export interface Open {
  /** Which of the questions asked together it is. */
  readonly index: number
  readonly kind: QuestionKind
  readonly key: string
  readonly arg: unknown
}

export function openOf(site: Site, question: Question, index: number): Open {
  const kind = site.kinds.questions.get(question.kind)
  if (!kind) throw new Error(`no question kind '${question.kind}' is known to the engine`)
  return { index, kind, key: question.key, arg: question.arg }
}

/** The answer from the prediction alone, where that is enough. */
export function predicted(site: Site, state: HostState, one: Open): unknown {
  if (!site.predicting) return undefined
  const arg = redirected(state, one)
  return arg instanceof Unknown ? arg : one.kind.predict?.(state.shadow, arg, undefined)
}

/** The host's answer as the planned changes would have altered it. */
export function foretold(site: Site, state: HostState, one: Open, actual: unknown): unknown {
  if (!site.predicting || !one.kind.predict) return actual
  const answer = one.kind.predict(state.shadow, redirected(state, one), actual)
  return answer === undefined ? actual : answer
}

/** The argument as it must be asked of the host: paths through planned links. */
export function asAsked(site: Site, state: HostState, one: Open): Open {
  return site.predicting ? { ...one, arg: redirected(state, one) } : one
}

function redirected(state: HostState, { kind, arg }: Open): unknown {
  return kind.redirect ? kind.redirect(state.shadow, arg) : arg
}

/** What the host has said to this before, in this play, where no change has made it stale; or what it is sure to say. */
export function recalled(site: Site, state: HostState, one: Open): { readonly value: unknown } | undefined {
  if (site.fresh || isRedirected(site, state, one)) return undefined
  const key = keyOf(site, state, one)
  return state.answers.get(key, site.changes()) ?? site.promises?.answer(key, one)
}

export interface Heard {
  readonly one: Open
  readonly answer: unknown
  /** How many changes there had been anywhere when it was asked. */
  readonly changes: number
}

export function remember(site: Site, state: HostState, { one, answer, changes }: Heard): void {
  if (isRedirected(site, state, one)) return
  const { kind } = one
  const known = {
    value: answer,
    kind: kind.kind,
    names: namesOf(one, answer),
    changes: kind.open ? changes : undefined,
  }
  state.answers.keep(keyOf(site, state, one), known)
}

/** What a footprint may name of it: the question's key, its first word, and what its kind says it hangs on. */
export function namesOf({ kind, key, arg }: Omit<Open, 'index'>, answer: unknown): ReadonlySet<string> {
  return new Set([key, key.split('\0')[0]!, ...(kind.about?.(arg, answer) ?? [])])
}

/** Planned links come and go between tasks: what is asked through one is asked each time. */
function isRedirected(site: Site, state: HostState, one: Open): boolean {
  return site.predicting && one.kind.redirect !== undefined && redirected(state, one) !== one.arg
}

/** Another user, or another environment, may get another answer. */
function keyOf(site: Site, state: HostState, { kind, key }: Open): string {
  return JSON.stringify([
    kind.kind,
    key,
    identityKey(site.identity(state)),
    site.environment.map(([name, text]) => [name, reveal(text)]),
  ])
}
