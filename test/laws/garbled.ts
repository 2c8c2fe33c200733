import fc, { type Arbitrary } from 'fast-check'
import type { Question } from '../../src/core/question.ts'
import type { Section } from '../../src/core/section.ts'
import type { QuestionKind } from '../../src/questions/kind.ts'
import { asked } from '../chaos/fuzz/asked.ts'
import { runScript, shells } from '../questions/shells.ts'
import type { AnswerTrial } from './answers.ts'
import type { End, Parts } from './play.ts'
import { playOf } from './play.ts'
import type { Breach } from './rules/rule.ts'
import type { Trial } from './trial.ts'
import { placed } from './trial.ts'
import type { World } from './world.ts'

/** How an answer goes wrong on its way; each gives what no host of ours would have said. */
const harms = {
  empty: () => ({ stdout: Buffer.alloc(0), code: 0 }),
  noise: () => ({ stdout: Buffer.from('\u0007Welcome to the machine\n{"items":7}\n\0\n= @ -1 NaN\n'), code: 0 }),
  'another question answered': () => ({ stdout: Buffer.from('[1,2,{"a":null}]\n'), code: 0 }),
  cut: ({ stdout }: Section) => ({ stdout: stdout.subarray(0, Math.floor(stdout.length / 2)), code: 0 }),
  'cut, and told so': ({ stdout }: Section) => ({
    stdout: stdout.subarray(0, Math.max(1, stdout.length - 1)),
    truncated: true,
  }),
  huge: () => ({ stdout: Buffer.alloc(1 << 20, 'flood\n'), truncated: true }),
  'refused by a wrapper': () => ({ stdout: Buffer.alloc(0), stderr: Buffer.from('sorry, not today\n'), code: 126 }),
} satisfies { readonly [name: string]: (real: Section) => Partial<Section> }

type Harm = keyof typeof harms
const harmNames = Object.keys(harms) as Harm[]

/** A play, and which of its answers goes wrong. */
export interface GarbledTrial {
  readonly trial: Trial
  /** Where the other answers come from; the machine itself where absent. */
  readonly answers?: AnswerTrial['answers']
  /** Which answers: those of the n-th kind that is read. */
  readonly at: number
  readonly harm: Harm
}

export function garbled(trials: Arbitrary<Pick<GarbledTrial, 'trial' | 'answers'>>): Arbitrary<GarbledTrial> {
  return fc
    .tuple(trials, fc.constantFrom(0, 0, 1, 2), fc.constantFrom(...harmNames))
    .map(([one, at, harm]) => ({ ...one, at, harm }))
}

/** What a kind answers to whatever it was asked: as the fuzzer knows it. */
const genuine = new Map<string, Section>()

function genuineOf(kind: QuestionKind): Section {
  const known = genuine.get(kind.kind)
  if (known) return known
  const { questions, answer } = asked.find(one => one.questions[0].kind === kind.kind)!
  const section = answer ?? runScript(shells[0]!, kind.sh(questions.map(question => question.arg)))
  genuine.set(kind.kind, section)
  return section
}

/** What the engine asks for itself. */
const engines = new Set(['pending', 'lock.stray', 'host.boot'])

interface Harmed {
  kind?: string
  /** Its parser took it for an answer. */
  taken?: boolean
}

/** The parts with one answer harmed; the others are real, or the trial's. */
function harming(parts: Parts, { answers, at, harm }: GarbledTrial, harmed: Harmed): Parts {
  // Of a frame that cannot be read the task's own questions are asked again: the harm is to a kind, and stays.
  const read: string[] = []
  const alter = (kind: QuestionKind): QuestionKind => ({
    ...kind,
    sh: args => (answers ? ':' : kind.sh(args)),
    parse(section, args) {
      if (!read.includes(kind.kind) && !engines.has(kind.kind)) read.push(kind.kind)
      if (read[at] !== kind.kind) {
        const others = answers && args.map((_, i) => answerTo(answers, kind, args[i]))
        return others?.every(one => one !== undefined) ? others : kind.parse(answers ? genuineOf(kind) : section, args)
      }
      harmed.kind = kind.kind
      const real = answers ? genuineOf(kind) : section
      const said = kind.parse({ ...real, ...harms[harm](real) }, args)
      harmed.taken = true
      return said
    },
  })
  return { ...parts, questions: parts.questions.map(kind => (kind.control ? kind : alter(kind))) }
}

/** By the name of what was asked about, as trials name it. */
function answerTo(answers: AnswerTrial['answers'], { kind }: QuestionKind, arg: unknown): unknown {
  const name =
    typeof arg === 'string'
      ? arg
      : ((arg as Partial<Question & { path: string; name: string }>)?.path ?? (arg as { name?: string })?.name)
  const found = [`${kind} ${name}`, kind].find(one => Object.hasOwn(answers, one))
  return found === undefined ? undefined : answers[found]
}

/** Answers that may be anything, so that no garbage is: what commands and journals print. */
const free = new Set(['run', 'k3s.journal'])

/**
 * Of these a part has the form of a whole. The transport never gives a part: a frame has marks at its end, and of
 * what it throws away it says so, which is another harm.
 */
const partsLikeWholes = new Set(['host.cgroup', 'mark', 'unit', 'swap.active', 'k3s.member', 'k3s.binary', 'apt.lists'])

/** L7: in a check and in a run, its task fails with a word about it, and the run comes to its end. */
export async function breachesOfGarbage(world: World, parts: Parts, garbledTrial: GarbledTrial) {
  const { answers } = garbledTrial
  const here = placed(garbledTrial.trial, world.root)
  await world.prepare(here.found)
  const breaches: Breach[] = []
  let asks = false
  // By answers of its own nothing may be carried here: a check will do.
  for (const check of answers ? [true] : [true, false]) {
    const harmed: Harmed = {}
    const play = playOf(world, harming(parts, garbledTrial, harmed), here)
    try {
      const { ends } = await play.run(check)
      asks ||= harmed.kind !== undefined
      if (harmed.kind === undefined || free.has(harmed.kind)) continue
      if (garbledTrial.harm === 'cut' && partsLikeWholes.has(harmed.kind)) continue
      breaches.push(...unsaid(ends, harmed, garbledTrial.harm).map(what => ({ law: 'L7' as const, what })))
    } catch (error) {
      breaches.push({ law: 'L7', what: `it ends the run: ${String(error)} ${String((error as Error).cause ?? '')}` })
    } finally {
      play.close()
    }
  }
  return { breaches, asks }
}

function unsaid(ends: readonly End[], { kind, taken }: Harmed, harm: Harm): readonly string[] {
  const failed = ends.filter(end => end.status === 'failed')
  if (failed.length === 0) return [`${kind}, ${harm}: ${taken ? 'taken for an answer' : 'not told'}`]
  return failed
    .filter(({ diagnostic }) => !diagnostic || diagnostic.message.trim() === '' || diagnostic.span === undefined)
    .map(() => `${kind}, ${harm}: failed without a word, or without its place`)
}
