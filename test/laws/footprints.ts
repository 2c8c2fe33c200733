import { isDeepStrictEqual } from 'node:util'
import type { ChangeKind } from '../../src/changes/kind.ts'
import type { Change } from '../../src/core/change.ts'
import type { Connection } from '../../src/core/connection.ts'
import type { Module } from '../../src/core/module.ts'
import type { Question } from '../../src/core/question.ts'
import { Secret } from '../../src/core/secret.ts'
import { Shadow } from '../../src/core/shadow.ts'
import { Unknown } from '../../src/core/unknown.ts'
import { Answers } from '../../src/engine/answers.ts'
import { namesOf } from '../../src/engine/foresight.ts'
import { fileStat } from '../../src/questions/file.ts'
import type { QuestionKind } from '../../src/questions/kind.ts'
import { type Parts, playOf, realParts } from './play.ts'
import { disagreements } from './rules/agree.ts'
import { placed, type Trial } from './trial.ts'
import type { World } from './world.ts'

/** A question, and what a host says to it. */
interface Said {
  readonly question: Question
  readonly answer: unknown
}

/** Questions that modules ask, and those about files that changes have turned out to touch. */
export class Pool {
  readonly #questions = new Map<string, Question>()
  readonly carried: Change[] = []
  /** In a check: what would be carried. */
  readonly folded: Change[] = []

  /** The real parts, which tell here what they ask and carry. */
  readonly parts: Parts = {
    ...realParts,
    modules: realParts.modules.map(module => telling(module, question => this.add(question))),
    changes: realParts.changes.map(kind => ({
      ...kind,
      carry: change => {
        this.carried.push(change)
        return kind.carry(change)
      },
      fold: (shadow, change) => {
        this.folded.push(change)
        kind.fold(shadow, change)
      },
    })),
  }

  add(question: Question): void {
    if (question.on === undefined) this.#questions.set(JSON.stringify([question.kind, question.key]), question)
  }

  /** Those whose answers are kept until something makes them stale. */
  get kept(): readonly Question[] {
    return [...this.#questions.values()].filter(({ kind }) => {
      const { control, own, open } = kindOf(kind)
      return !control && !own && !open && !restless.has(kind)
    })
  }
}

/** They tell the time. */
const restless = new Set(['host.boot', 'apt.lists'])

function kindOf(name: string): QuestionKind {
  return realParts.questions.find(({ kind }) => kind === name)!
}

function telling(module: Module, tell: (question: Question) => void): Module {
  return {
    ...module,
    *plan(args, ctx) {
      const asking = module.plan(args, ctx)
      let step = asking.next([])
      while (!step.done) {
        for (const question of step.value) tell(question)
        step = asking.next(yield step.value)
      }
      return step.value
    },
  }
}

/** What of the host became another in a run, and what was believed of it. */
export interface Believed {
  /** Answers that the engine would have gone on believing, though they are no longer true. */
  readonly stale: readonly string[]
  /** Answers that a check foretold otherwise. */
  readonly misforetold: readonly string[]
}

export async function believed(world: World, raw: Trial, pool: Pool): Promise<Believed> {
  const trial = placed(raw, world.root)
  const play = playOf(world, pool.parts, trial)
  try {
    await world.prepare(trial.found, trial.served)
    pool.folded.length = 0
    const check = await play.run(true)
    const shadow = foldedOf(pool)
    const before = await world.snapshot()
    const first = await look(world, pool.kept)
    const again = await look(world, pool.kept)
    const steady = first.filter(({ answer }, i) => isDeepStrictEqual(answer, again[i]!.answer))
    pool.carried.length = 0
    const run = await play.run(false)
    const now = new Map((await look(world, pool.kept)).map(({ question, answer }) => [idOf(question), answer]))
    for (const path of otherFiles(before.all, (await world.snapshot()).all)) pool.add(fileStat(path, { follow: false }))
    const isVague = check.ends.some(({ unknown, assumed }) => unknown !== undefined || assumed !== undefined)
    const went = run.ends.every(({ status }) => status === 'ok' || status === 'changed' || status === 'skipped')
    return {
      stale: staleOf(pool.carried, steady, now),
      misforetold: isVague || !went || shadow.assumption !== undefined ? [] : misforetoldOf(shadow, steady, now),
    }
  } finally {
    play.close()
  }
}

function staleOf(
  carried: readonly Change[],
  steady: readonly Said[],
  now: ReadonlyMap<string, unknown>,
): readonly string[] {
  const answers = new Answers()
  for (const { question, answer } of steady) answers.keep(idOf(question), knownOf(question, answer))
  for (const change of carried) answers.drop(changeKind(change).footprint(change))
  return steady.flatMap(({ question, answer }) => {
    const id = idOf(question)
    return answers.get(id, 0) === undefined ? [] : disagreements(answer, now.get(id), id)
  })
}

function foldedOf({ folded }: Pool): Shadow {
  const shadow = new Shadow()
  for (const change of [...folded]) changeKind(change).fold(shadow, change)
  return shadow
}

function misforetoldOf(shadow: Shadow, steady: readonly Said[], now: ReadonlyMap<string, unknown>): readonly string[] {
  return steady.flatMap(({ question, answer }) => {
    const kind = kindOf(question.kind)
    const arg = kind.redirect ? kind.redirect(shadow, question.arg) : question.arg
    // What is asked elsewhere under the shadow has not been asked here.
    if (arg !== question.arg) return []
    const told = kind.predict?.(shadow, arg, undefined) ?? kind.predict?.(shadow, arg, answer) ?? answer
    const id = idOf(question)
    return disagreements(told, asFarAs(told, now.get(id)), id).filter(what => !hidden.test(what))
  })
}

/**
 * Whether a masked unit can be enabled at all stands in its file, and either way it is as wished. What systemd remembers
 * of a process that has ended, it forgets when it likes, and no task tells it.
 */
const hidden =
  /^unit .*\.(enabled: "enabled" was decided, "static" came$|startedMonotonic|execMainStartTimestamp|restarts|result)/

/** What is told of nothing is not foretold. */
function asFarAs(told: unknown, seen: unknown): unknown {
  if (typeof told !== 'object' || told === null || typeof seen !== 'object' || seen === null) return seen
  if (told instanceof Unknown || told instanceof Secret || Array.isArray(told) || told instanceof Uint8Array)
    return seen
  return Object.fromEntries(
    Object.entries(told).map(([name, value]) => {
      const one = (seen as { readonly [name: string]: unknown })[name]
      return [name, value === undefined ? undefined : asFarAs(value, one)]
    }),
  )
}

function changeKind({ kind }: Change): ChangeKind {
  return realParts.changes.find(one => one.kind === kind)!
}

const idOf = ({ kind, key }: Question) => `${kind} ${key.replaceAll('\0', ' ')}`

function knownOf({ kind, key, arg }: Question, answer: unknown) {
  return { value: answer, kind, names: namesOf({ kind: kindOf(kind), key, arg }, answer), changes: undefined }
}

/** What comes and goes by itself, or is a run's own. */
const fleeting =
  /^\/(proc|sys|dev|tmp|var\/tmp|var\/log|run\/(log|pitool|sudo|user|systemd|dbus)|var\/lib\/(pitool|systemd))(\/|$)/

function otherFiles(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  const keys = new Set([...before.keys(), ...after.keys()])
  return [...keys].flatMap(key => {
    const path = key.startsWith('file:/') ? key.slice('file:'.length) : undefined
    return path === undefined || fleeting.test(path) || before.get(key) === after.get(key) ? [] : [path]
  })
}

async function look(world: World, questions: readonly Question[]): Promise<readonly Said[]> {
  const connection = await world.dialer.dial('host')
  try {
    const kinds = [...new Set(questions.map(({ kind }) => kind))]
    const alike = (kind: string) => questions.filter(question => question.kind === kind)
    return (await Promise.all(kinds.map(kind => askAll(connection, alike(kind))))).flat()
  } finally {
    await connection.close()
  }
}

/** All at once; where one of them cannot be asked, each by itself. */
async function askAll(connection: Connection, questions: readonly Question[]): Promise<readonly Said[]> {
  const kind = kindOf(questions[0]!.kind)
  const args = questions.map(({ arg }) => arg)
  try {
    const shell = await connection.shell({ become: 'root' })
    const [section] = await shell.frame([kind.sh(args)], { limit: 64 * 1024 * 1024 })
    const answers = kind.parse(section!, args)
    return questions.map((question, i) => ({ question, answer: answers[i] }))
  } catch (error) {
    if (questions.length === 1) return [{ question: questions[0]!, answer: String(error) }]
    const alone = await Promise.all(questions.map(question => askAll(connection, [question])))
    return alone.flat()
  }
}
