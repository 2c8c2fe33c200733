import { existsSync, lstatSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { changeKinds } from '../../src/changes/index.ts'
import type { Change } from '../../src/core/change.ts'
import { Failure } from '../../src/core/diagnostic.ts'
import type { Question } from '../../src/core/question.ts'
import { questionKinds } from '../../src/questions/index.ts'
import { shells } from '../questions/shells.ts'
import { changeEntries } from './changes.ts'
import type { Entry } from './entry.ts'
import { questionEntries } from './questions.ts'
import { Stage, type Told } from './stage.ts'
import { asName, classics, effort, hostile } from './strings.ts'

const stage = new Stage()
afterAll(() => stage.close())

/** The script of an entry, by either kind. */
interface Case {
  readonly name: string
  readonly entry: Entry<unknown>
  script(made: unknown): string
}

const ofQuestions: readonly Case[] = questionKinds.flatMap(kind =>
  (questionEntries[kind.kind] ?? []).map((entry, i) => ({
    name: `${kind.kind} ${i + 1}`,
    entry,
    script: made => kind.sh([(made as Question).arg]),
  })),
)
const ofChanges: readonly Case[] = changeKinds.flatMap(kind =>
  (changeEntries[kind.kind] ?? []).map((entry, i) => ({
    name: `${kind.kind} ${i + 1}`,
    entry,
    script: made => kind.carry(made as Change).script,
  })),
)

const noSyntax = /syntax error|unterminated|unexpected (end|EOF)|unmatched|bad substitution|Bad for loop/i
/** After these a word is a value, whatever it begins with. */
const takesValue = /^(-[a-zA-Z]|--(ttl|description)|uuid|id|ipv4\.dns|token|set-hostname)$/

/** These take no options after their own. */
const plain = new Set(['probe', 'bash', 'sh'])

/** What went wrong with one text; nothing when all is well. */
function breaches({ entry, script }: Case, text: string, shell: readonly string[]): readonly string[] {
  stage.reset()
  const path = `${stage.work}/${asName(text)}`
  const word = stage.confined(text)
  let all: string
  try {
    all = script(entry.make(text, path))
  } catch (error) {
    if (!(error instanceof Failure)) return [`refused, not with a Failure: ${String(error)}`]
    const may = text.startsWith('-') || entry.refuses?.(text) === true
    return may && error.diagnostic.hint ? [] : [`refused: ${error.message}`]
  }
  const ran = stage.run(shell, all)
  const found = stage.canaries().map(where => `a command of the text ran: ${where}`)
  if (noSyntax.test(ran.stderr)) found.push(`the shell's words fell apart: ${ran.stderr.slice(0, 300)}`)
  if (ran.code === 255) found.push('it did not end')
  const args = new Set(ran.calls.flatMap(([, ...words]) => words))
  const untold = (entry.told?.(word, path) ?? []).filter(one => !args.has(one))
  found.push(...untold.map(one => `no program got ${JSON.stringify(one)}: ${showCalls(ran)}`))
  found.push(...options(ran, word))
  const heard = entry.heard?.(text)
  if (heard !== undefined && !ran.heard.includes(heard))
    found.push(`no program read it, but ${JSON.stringify(ran.heard)}`)
  for (const [where, content] of entry.left?.(text, path) ?? []) found.push(...missing(where, content, ran))
  return found
}

/** What begins with a hyphen must stand where no program looks for options. */
function options(ran: Told, word: string): readonly string[] {
  // A hyphen alone, or two, ask for nothing.
  if (!/^-+[^-]/.test(word)) return []
  return ran.calls.flatMap(([program, ...words]) =>
    words.flatMap((one, i) => {
      const safe = words.slice(0, i).includes('--') || takesValue.test(words[i - 1] ?? '') || plain.has(program!)
      return one.startsWith(word) && !safe ? [`an option of ${program}: ${words.join(' ')}`] : []
    }),
  )
}

function missing(path: string, content: string | undefined, ran: Told): readonly string[] {
  if (!existsSync(path) && !isLink(path)) return [`${JSON.stringify(path)} is not there: ${ran.stderr}`]
  return content === undefined || readFileSync(path, 'utf8') === content ? [] : ['its content is another']
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
}

const showCalls = (ran: Told) => `${JSON.stringify(ran.calls).slice(0, 600)} ${ran.stderr.slice(0, 200)}`

test('each kind has an entry here', () => {
  const asked = questionKinds.filter(kind => !kind.control).map(({ kind }) => kind)
  expect(Object.keys(questionEntries).sort()).toEqual([...asked].sort())
  expect(Object.keys(changeEntries).sort()).toEqual(changeKinds.map(({ kind }) => kind).sort())
})

// The usual run is the same each time; the long one is another each time.
const seed = Number(process.env.PITOOL_SEED ?? (effort > 1 ? Date.now() % 1e6 : 7))
const cases = [...ofQuestions, ...ofChanges]

describe.each(cases.map(one => [one.name, one] as const))('%s', (_, one) => {
  const { entry } = one
  test(
    'takes any text as it is',
    () => {
      const sampled = fc.sample(hostile, { numRuns: effort, seed })
      // All in one, and some of them, in the shells in turn; with more effort each in each.
      const turn = cases.indexOf(one) + seed
      const some = classics.filter((_, i) => effort > 1 || (i + turn) % 24 === 0)
      const texts = entry.bare ? ["it's"] : [classics.join(' '), ...some, ...sampled]
      for (const [i, text] of texts.entries()) {
        for (const shell of effort > 1 ? shells : [shells[(i + turn) % shells.length]!])
          expect(breaches(one, text, shell), `PITOOL_SEED=${seed} ${shell.join(' ')}: ${JSON.stringify(text)}`).toEqual(
            [],
          )
      }
    },
    60_000 * effort,
  )
  // What holds no text, or any bytes, cannot be given one.
  if (entry.bare || entry.bytes) return
  test('refuses NUL', () => {
    const made = () => one.script(entry.make('a\0b', `${stage.work}/a\0b`))
    expect(made).toThrow(Failure)
    expect(made).toThrow(/NUL|none: it holds/)
  })
})
