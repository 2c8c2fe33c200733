import { mkdtempSync, rmSync } from 'node:fs'
import { expect } from 'vitest'
import { changeKinds } from '../../src/changes/index.ts'
import type { ChangeKind } from '../../src/changes/kind.ts'
import type { Change } from '../../src/core/change.ts'
import type { Question } from '../../src/core/question.ts'
import { Shadow } from '../../src/core/shadow.ts'
import { Unknown } from '../../src/core/unknown.ts'
import { questionKinds } from '../../src/questions/index.ts'
import { runScript } from '../questions/shells.ts'

/** Asks for real, in this shell. */
export function ask<Ans>(shell: readonly string[], question: Question<Ans>): Ans {
  const kind = questionKinds.find(({ kind }) => kind === question.kind)!
  const [answer] = kind.parse(runScript(shell, kind.sh([question.arg])), [question.arg])
  return answer as Ans
}

/** Asks under the shadow, as the engine does in a check. */
export function askUnder<Ans>(shell: readonly string[], shadow: Shadow, question: Question<Ans>): Ans | Unknown {
  const kind = questionKinds.find(({ kind }) => kind === question.kind)!
  const arg = kind.redirect ? kind.redirect(shadow, question.arg) : question.arg
  if (arg instanceof Unknown) return arg
  const known = kind.predict?.(shadow, arg, undefined)
  if (known !== undefined) return known as Ans | Unknown
  const actual = ask(shell, { ...question, arg })
  return (kind.predict?.(shadow, arg, actual) ?? actual) as Ans | Unknown
}

export function kindOf(change: Change): ChangeKind {
  return changeKinds.find(({ kind }) => kind === change.kind)!
}

export function carry(shell: readonly string[], change: Change) {
  const kind = kindOf(change)
  const section = runScript(shell, kind.carry(change).script)
  return { section, diagnostic: section.code === 0 ? undefined : kind.explain?.(section, change) }
}

/** The second law on a small scale: what the shadow foretells of these questions is what they answer afterwards. */
export function expectForetold(shell: readonly string[], change: Change, questions: readonly Question[]): void {
  const shadow = new Shadow()
  kindOf(change).fold(shadow, change)
  const foretold = questions.map(question => askUnder(shell, shadow, question))
  const { section } = carry(shell, change)
  expect(section.stderr.toString(), 'what carrying it complained of').toBe('')
  expect(section.code).toBe(0)
  for (const [i, question] of questions.entries()) {
    expectAgreement(foretold[i], ask(shell, question), question.key.replaceAll('\0', ' '))
  }
}

/** Known values must be equal; an Unknown may be anything; what only a real file has is not foretold. */
export function expectAgreement(foretold: unknown, seen: unknown, where: string): void {
  if (foretold instanceof Unknown || foretold === undefined) return
  if (Array.isArray(foretold) || typeof foretold !== 'object' || foretold === null || foretold instanceof Uint8Array) {
    return void expect(seen, where).toEqual(foretold)
  }
  for (const [name, value] of Object.entries(foretold)) {
    expectAgreement(value, (seen as { [name: string]: unknown })[name], `${where}: ${name}`)
  }
}

export function inFolder<R>(work: (folder: string) => R): R {
  const folder = mkdtempSync('/tmp/pitool-test-')
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
