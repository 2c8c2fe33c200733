import assert from 'node:assert/strict'
import { Failure } from '../../../src/core/diagnostic.ts'
import type { Section } from '../../../src/core/section.ts'
import { questionKinds } from '../../../src/questions/index.ts'
import type { QuestionKind } from '../../../src/questions/kind.ts'
import { runScript, shells } from '../../questions/shells.ts'
import { type Asked, asked } from './asked.ts'
import type { Target } from './fuzz.ts'
import { brokenSection } from './garbage.ts'
import { spentMs } from './spent.ts'

const kinds = new Map(questionKinds.map(kind => [kind.kind, kind] as const))
/** The failures that an answer may be: garbage, or what the host says it lacks. */
const known = new Set(['bad-answer', 'unsupported', 'k3s-no-server', 'permission-denied'])

/** Garbage for an answer fails or is one, and never is our bug. */
export const answerTargets: readonly Target[] = asked.map(targetOf)

function targetOf({ questions, answer }: Asked): Target {
  const kind = kinds.get(questions[0].kind) as QuestionKind
  const args = questions.map(question => question.arg)
  return {
    name: `answer: ${kind.kind}`,
    share: 1 / asked.length,
    open: () => {
      const real = answer ?? runScript(shells[0]!, kind.sh(args), { timeout: 300_000 })
      assert.deepEqual(lacking(kind.parse(real, args), args.length), [])
      return {
        attempt: ([random]) => {
          const section = brokenSection(random!, real)
          const began = spentMs()
          const wrong = lacking(tried(kind, section, args), args.length)
          const ms = spentMs() - began
          if (wrong.length > 0 || ms > 2000) throw new Error(`${wrong} ${ms} ms\n${inspected(section)}`)
        },
      }
    },
  }
}

function tried(kind: QuestionKind, section: Section, args: readonly unknown[]): readonly unknown[] | undefined {
  try {
    return kind.parse(section, args)
  } catch (error) {
    if (error instanceof Failure && known.has(error.diagnostic.code)) return undefined
    throw error
  }
}

/** What no answer may be: missing, or a number that is none. */
function lacking(answers: readonly unknown[] | undefined, count: number): readonly string[] {
  if (answers === undefined) return []
  if (answers.length !== count) return [`${answers.length} answers to ${count} questions`]
  return answers.flatMap((answer, i) => (answer === undefined ? [`no answer ${i}`] : senseless(answer, `answer ${i}`)))
}

function senseless(value: unknown, at: string): readonly string[] {
  if (typeof value === 'number') return Number.isNaN(value) ? [`${at} is NaN`] : []
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return []
  return Object.entries(value).flatMap(([key, part]) => senseless(part, `${at}.${key}`))
}

const inspected = ({ stdout, stderr, code }: Section) =>
  JSON.stringify({
    code,
    stdout: Buffer.from(stdout).toString('latin1'),
    stderr: Buffer.from(stderr).toString('latin1'),
  })
