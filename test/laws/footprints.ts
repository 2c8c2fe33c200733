import { isDeepStrictEqual } from 'node:util'
import type { Change } from '../../src/core/change.ts'
import type { Connection } from '../../src/core/connection.ts'
import type { Module } from '../../src/core/module.ts'
import type { Question } from '../../src/core/question.ts'
import { Answers } from '../../src/engine/answers.ts'
import { namesOf } from '../../src/engine/foresight.ts'
import { fileStat } from '../../src/questions/file.ts'
import type { QuestionKind } from '../../src/questions/kind.ts'
import { type Parts, playOf, realParts } from './play.ts'
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
  readonly changes: Change[] = []

  /** The real parts, which tell here what they ask and carry. */
  readonly parts: Parts = {
    ...realParts,
    modules: realParts.modules.map(module => telling(module, question => this.add(question))),
    changes: realParts.changes.map(kind => ({
      ...kind,
      carry: change => {
        this.changes.push(change)
        return kind.carry(change)
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

/** What a run made another without saying so: answers that the engine would have gone on believing. */
export async function unsaid(world: World, raw: Trial, pool: Pool): Promise<readonly string[]> {
  const trial = placed(raw, world.root)
  const play = playOf(world, pool.parts, trial)
  try {
    await world.prepare(trial.found, trial.served)
    await play.run(true)
    const before = await world.snapshot()
    const first = await look(world, pool.kept)
    const again = await look(world, pool.kept)
    pool.changes.length = 0
    await play.run(false)
    const said = await look(world, pool.kept)
    for (const path of otherFiles(before.all, (await world.snapshot()).all)) pool.add(fileStat(path, { follow: false }))
    const believed = new Answers()
    const steady = first.filter(({ answer }, i) => isDeepStrictEqual(answer, again[i]!.answer))
    for (const { question, answer } of steady) believed.keep(idOf(question), knownOf(question, answer))
    for (const change of pool.changes) {
      const kind = realParts.changes.find(one => one.kind === change.kind)!
      believed.drop(kind.footprint(change))
    }
    return said.flatMap(({ question, answer }) => {
      const known = believed.get(idOf(question), 0)
      if (known === undefined || isDeepStrictEqual(known.value, answer)) return []
      return [`${idOf(question)}: ${JSON.stringify(known.value)} became ${JSON.stringify(answer)}`]
    })
  } finally {
    play.close()
  }
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
